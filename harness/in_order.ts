/**
 * Work that is mostly waiting, done side by side: several lanes take one item after the other, and
 * the results come out in the order of the items.
 *
 * @module
 */

/** Items that each lane may be ahead of what was taken, so that a slow one holds up few others. */
const AHEAD_MAX = 8;

/** `items`, of each of which `tell` hears when there are `ahead` others before it. */
export function* announced<Item>(
  items: Iterable<Item>,
  ahead: number,
  tell: (item: Item) => void,
): Generator<Item> {
  const waiting: Item[] = [];
  for (const item of items) {
    tell(item);
    waiting.push(item);
    if (waiting.length > ahead) yield waiting.shift() as Item;
  }
  yield* waiting;
}

/** Does `work` on each of `items`, on as many lanes as there are; a lane does one at a time. */
export async function* inOrder<Lane, Item, Result>(
  lanes: readonly Lane[],
  items: Iterable<Item>,
  work: (lane: Lane, item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const iterator = items[Symbol.iterator]();
  const idle = [...lanes].reverse();
  /** What was begun and is not taken. */
  const begun: Promise<Result>[] = [];
  let ended = false;
  const next = (): IteratorResult<Item> => {
    try {
      return iterator.next();
    } catch (error) {
      ended = true;
      const failed = Promise.reject(error);
      // It is taken in its turn.
      failed.catch(() => {});
      begun.push(failed);
      return { done: true, value: undefined };
    }
  };
  const begin = () => {
    while (!ended && idle.length > 0 && begun.length < lanes.length * AHEAD_MAX) {
      const { done, value } = next();
      ended ||= done === true;
      if (ended) return;
      const lane = idle.pop() as Lane;
      const result = work(lane, value);
      begun.push(result);
      const settle = () => {
        idle.push(lane);
        begin();
      };
      result.then(settle, settle);
    }
  };
  try {
    for (begin(); begun.length > 0; begin()) {
      const result = await begun[0];
      begun.shift();
      yield result as Result;
    }
  } finally {
    ended = true;
    await Promise.allSettled(begun);
  }
}
