/**
 * Live update of a daemon, by CONTROL requests as xenstore-control sends them, cut in two: up to
 * the moment when the old program has given its state and its process away, and from there on.
 *
 * Source: Xen, docs/misc/xenstore.txt, CONTROL live-update; tools/xenstored/lu.c (until 4.17
 * xenstored_control.c); tools/ocaml/xenstored/process.ml, module LiveUpdate.
 *
 * @module
 */
import { CrashedError, HungError, SaveError } from "../../adapter.ts";
import type { XenstoreReply } from "../../facets/xenstore.ts";
import { read, request } from "../../facets/xenstore_requests.ts";
import type { Connection } from "./connection.ts";
import { PARK } from "./daemon.ts";
import type { Host } from "./host.ts";
import type { Dialect } from "./releases.ts";

/**
 * Seconds that a daemon is given until nothing is in its way any more. Both programs want a whole
 * number. The one in C counts them by a clock of whole seconds, so that one may be over at once;
 * the one in OCaml is never done in 0, as its own answer is in its way.
 */
export const PATIENCE_S = 2;
/** Time beyond that in which the program in OCaml has left, when it does. */
const REFUSAL_MS = 300;
/** Deadlines more that a runtime has to start, on a machine that is busy; it takes 0.2 s. */
const SLOW_DEADLINES = 4;
/** Time beyond that in which it must have answered. */
const MARGIN_MS = 4000;

/**
 * The state of the program in C has the answer to the request for the update, and the new program
 * gives it; the one in OCaml wants to be asked again.
 */
export interface Answer {
  readonly coming: Promise<XenstoreReply> | undefined;
}

export interface Update {
  readonly host: Host;
  /** One asks for the update, and the other how it goes. */
  readonly clients: { readonly control: Connection; readonly onlooker: Connection };
  readonly dialect: Dialect;
}

/**
 * Has the old program save its state and exec. Answers when it is gone, with the answer to come
 * where the request for the update has one to come. Does `whenAsked` once it is asked for.
 */
export async function leave(
  update: Update,
  forced: boolean,
  whenAsked: () => Promise<void>,
): Promise<Answer> {
  const { host, dialect } = update;
  const { control } = update.clients;
  const chosen = await control.ask(request("CONTROL", "live-update", "-f", PARK));
  if (!isOk(chosen)) throw refused(host, "-f", chosen);
  const flags = ["-s", "-t", String(PATIENCE_S), ...(forced ? ["-F"] : [])];
  const asked = control.ask(request("CONTROL", "live-update", ...flags));
  if (dialect === "ocaml") return { coming: await leaveOcaml(update, asked, whenAsked) };
  // Whoever waits for the update hears of a failure.
  asked.catch(() => {});
  await whenAsked();
  await leaveC(update, asked);
  return { coming: asked };
}

/** The program in C answers when it cannot; when it can, the new one answers in its place. */
async function leaveC({ host }: Update, asked: Promise<XenstoreReply>): Promise<void> {
  let answer: XenstoreReply | undefined;
  const answered = asked.then(
    (reply) => {
      answer = reply;
    },
    () => {},
  );
  if (await host.herald.announced("parked", PATIENCE_S * host.secondMs + MARGIN_MS, answered))
    return;
  if (answer !== undefined && answer.error !== "closed") throw refused(host, "-s", answer);
  throw await lost(host, "to save");
}

/** The program in OCaml answers BUSY at once, and execs when nothing is in its way any more. */
async function leaveOcaml(
  update: Update,
  asked: Promise<XenstoreReply>,
  whenAsked: () => Promise<void>,
): Promise<undefined> {
  const { host } = update;
  const { onlooker } = update.clients;
  const busy = await asked;
  if (busy.error !== null) throw refused(host, "-s", busy);
  await whenAsked();
  if (await host.herald.announced("parked", PATIENCE_S * host.secondMs + REFUSAL_MS))
    return undefined;
  if (host.herald.ending !== undefined) throw await lost(host, "to save");
  const answer = await onlooker.ask(request("CONTROL", "live-update", "-s"));
  await onlooker.ask(request("CONTROL", "live-update", "-a"));
  throw refused(host, "-s", answer);
}

/** Answers when the new program, which has been told to go on, says that the update is done. */
export async function arrive(
  { clients: { onlooker, control }, host }: Update,
  { coming }: Answer,
  into: { readonly name: string; readonly slow: boolean },
): Promise<void> {
  const answer = coming ?? onlooker.ask(request("CONTROL", "live-update", "-s"));
  const asking = coming === undefined ? onlooker : control;
  let reply = await answer.catch(() => undefined);
  for (let more = into.slow ? SLOW_DEADLINES : 0; reply === undefined && more > 0; more--) {
    reply = await asking.answer().catch(() => undefined);
  }
  if (reply === undefined || reply.error === "closed") {
    throw await lost(host, `to restore ${into.name}`);
  }
  if (!isOk(reply)) {
    throw new HungError(`${into.name} answers "${textOf(reply)}" to the update`);
  }
  // The answer was part of the state: it comes before all of that is read.
  const alive = await onlooker.ask(read("/")).catch(() => undefined);
  if (alive === undefined || alive.error === "closed") {
    throw await lost(host, `to restore ${into.name}`);
  }
}

/** Both programs say OK; the one in OCaml without a NUL. */
function isOk({ error, body }: XenstoreReply): boolean {
  return error === null && body.replace(/\0$/, "") === "OK";
}

function textOf({ error, body }: XenstoreReply): string {
  return error ?? body.replace(/\0$/, "").replaceAll("\n", " ");
}

function refused({ release }: Host, flag: string, reply: XenstoreReply): SaveError {
  return new SaveError(`${release} answers "${textOf(reply)}" to live-update ${flag}`, true);
}

/** What became of a daemon that does not answer as it should. */
async function lost(host: Host, verb: string): Promise<Error> {
  // A connection that is closed is the first sign of a process that dies.
  await host.herald.endsWithin(MARGIN_MS / 8);
  const { lastWords } = host;
  const { ending } = host.herald;
  if (ending === undefined) return new HungError(`no answer when asked ${verb}`);
  const words = lastWords === "" ? "" : `: ${lastWords}`;
  return new CrashedError(`the process ended with ${ending} when asked ${verb}${words}`);
}
