/**
 * A deadline of the real clock: the adapter is a real process.
 *
 * @module
 */

/** Waits for `event`, but no longer than `ms`; whether it has come. */
export async function within(event: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const come = await Promise.race([event.then(() => true), over]);
  clearTimeout(timer);
  return come;
}
