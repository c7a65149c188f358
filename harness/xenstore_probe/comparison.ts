/**
 * A sequence on the model and on another daemon, up to the first answer or event that is not the
 * same.
 *
 * @module
 */
import { TYPE } from "../../src/xenstore/mod.ts";
import { firstUnlike, type Heard, isAnswer, nameOfType, textOfHeard } from "./heard.ts";
import type { Asked } from "./model_side.ts";
import { LEAVE, type Step } from "./step.ts";

/** What the other daemon did with some requests of one client. */
export interface Reply {
  /** Everything that the client got and was not told of yet. */
  readonly heard: readonly Heard[];
  /** Why there is no more, when an answer is missing: `closed`, `no answer`, or how it ended. */
  readonly trouble?: string;
}

/** A daemon that has just been started. */
export interface Opponent extends AsyncDisposable {
  /** Sends requests and waits for `answers` of them, and with `closes` for the end after them. */
  ask(
    client: string,
    octets: readonly Uint8Array[],
    answers: number,
    closes: boolean,
  ): Promise<Reply>;
  /** Sends octets that need not be whole requests, and closes the connection. */
  leave(client: string, octets: Uint8Array): Promise<void>;
  /** Something happens to a domain; see `EVENTS_OF_DOMAINS`. */
  happen(kind: string, domid: number): Promise<void>;
}

export interface Difference {
  /** Index of the step that shows it. */
  readonly index: number;
  readonly step: Step;
  readonly ours: string;
  readonly theirs: string;
  /** What it has in common with others that have the same cause, as a rule. */
  readonly kind: string;
}

export interface Comparison {
  /** Requests that were made on both. */
  readonly requests: number;
  readonly difference?: Difference;
}

/** Requests that are sent before the answer to the first one has come. */
const BATCH_MAX = 32;

export async function compare(sequence: Iterable<Asked>, opponent: Opponent): Promise<Comparison> {
  let requests = 0;
  for (const batch of batches(sequence)) {
    const [{ step }] = batch;
    if (step.client === "xen") {
      await opponent.happen(step.kind, Number(step.body));
      continue;
    }
    if (step.kind === LEAVE) {
      await opponent.leave(step.client, batch[0].octets[0] ?? new Uint8Array());
      continue;
    }
    const heard = batch.flatMap((asked) => asked.heard);
    const octets = batch.flatMap((asked) => asked.octets);
    requests += octets.length;
    const answers = heard.filter(isAnswer).length;
    const closes = batch.at(-1)?.closed ?? false;
    const reply = await opponent.ask(step.client, octets, answers, closes);
    const difference = differenceIn(batch, heard, reply);
    if (difference !== undefined) return { requests, difference };
  }
  return { requests };
}

type Batch = readonly [Asked, ...Asked[]];

/** Requests of one client of which only the last one can be noticed by another. */
function* batches(sequence: Iterable<Asked>): Generator<Batch> {
  let batch: Asked[] = [];
  for (const asked of sequence) {
    const last = batch.at(-1);
    // With a connection that is closed the answers that wait are lost.
    const joins = last?.quiet && !asked.closed && last.step.client === asked.step.client;
    if (last !== undefined && (!joins || batch.length >= BATCH_MAX)) {
      yield batch as unknown as Batch;
      batch = [];
    }
    batch.push(asked);
  }
  if (batch.length > 0) yield batch as unknown as Batch;
}

function differenceIn(
  batch: Batch,
  ours: readonly Heard[],
  { heard: theirs, trouble }: Reply,
): Difference | undefined {
  const last = batch.at(-1) as Asked;
  const at = firstUnlike(ours, theirs);
  if (at >= 0) {
    const { index, step } = askedAt(batch, at);
    const [mine, other] = [ours[at], theirs[at]];
    const ended = other === undefined ? trouble : undefined;
    const what = step.tx === "" ? step.kind : `${step.kind} in transaction`;
    const kind = `${what}: ${kindOf(mine)}, not ${ended ?? kindOf(other)}`;
    return { index, step, ours: textOfHeard(mine), theirs: ended ?? textOfHeard(other), kind };
  }
  const [mine, other] = [last.closed ? "closed" : "open", trouble ?? "open"];
  if (mine === other) return undefined;
  const kind = `${last.step.kind}: connection ${mine}, not ${other}`;
  return { index: last.index, step: last.step, ours: mine, theirs: other, kind };
}

function askedAt(batch: Batch, at: number): Asked {
  let end = 0;
  for (const asked of batch) {
    end += asked.heard.length;
    if (at < end) return asked;
  }
  return batch.at(-1) as Asked;
}

function kindOf(heard: Heard | undefined): string {
  if (heard === undefined) return "nothing";
  if (heard.type === TYPE.ERROR) return heard.body.replace("\0", "");
  return heard.type === TYPE.WATCH_EVENT ? "an event" : `an answer ${nameOfType(heard.type)}`;
}
