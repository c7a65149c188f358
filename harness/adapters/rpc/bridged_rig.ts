/**
 * A rig of a served model: the same as in process, with facets that answer at once.
 *
 * @module
 */
import type { Rig, RunningMachine, SavedState, Struck } from "../../adapter.ts";
import type { Condition } from "../../condition.ts";
import type { Hop } from "../../path.ts";
import { ProtocolError } from "./answer.ts";
import type { Bridge } from "./bridge.ts";
import { describedFacets } from "./facets.ts";
import type { Started } from "./messages.ts";
import { octetsOf } from "./octets.ts";
import { tagged, untagged } from "./typed.ts";

/** What every rig has in common with its copies. */
export interface Deck {
  readonly bridge: Bridge;
  readonly implementation: string;
  readonly format: string;
  /** What its rigs can do besides. */
  readonly can: ReadonlySet<string>;
  readonly settings: Condition["settings"];
  readonly seed: number;
  readonly link: number;
  /** Names a copy. */
  nextName(): string;
  /** How many copies use the connection. */
  users: number;
}

export class BridgedRig implements Rig {
  readonly #deck: Deck;
  readonly #name: string;
  readonly fork?: () => Rig;
  readonly struck?: () => Struck | null;

  constructor(deck: Deck, name: string) {
    this.#deck = deck;
    this.#name = name;
    deck.users++;
    const { bridge, link, can } = deck;
    if (can.has("rigs.fork")) {
      this.fork = () => {
        const copy = deck.nextName();
        bridge.ask(link, "fork", { rig: name, as: copy });
        return new BridgedRig(deck, copy);
      };
    }
    if (can.has("rigs.struck")) {
      this.struck = () => bridge.ask(link, "struck", { rig: name }).value as Struck | null;
    }
  }

  start(hop: Hop): Promise<RunningMachine> {
    const { bridge, link } = this.#deck;
    return settled(() => this.#running(bridge.ask(link, "start", this.#begin(hop))));
  }

  restore(hop: Hop, { bytes, codec, writer }: SavedState): Promise<RunningMachine> {
    const { bridge, link } = this.#deck;
    const params = { ...this.#begin(hop), format: codec, writer, state: bytes };
    return settled(() => this.#running(bridge.ask(link, "restore", params)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    const { bridge, link } = this.#deck;
    return settled(() => {
      try {
        bridge.ask(link, "endRig", { rig: this.#name });
      } finally {
        if (--this.#deck.users === 0) bridge.giveBack(link);
      }
    });
  }

  #begin({ release, inputs }: Hop) {
    const { settings, seed } = this.#deck;
    return { release, inputs, settings, seed, rig: this.#name };
  }

  #running(started: Started): RunningMachine {
    const { bridge, link, implementation, format } = this.#deck;
    const { machine, release, build, verbs = [] } = started;
    const facets = describedFacets(started, (facet, method, args) => {
      const params = { machine, facet, method, arguments: args.map(tagged) };
      return untagged(bridge.ask(link, "call", params).value);
    });
    return {
      ...facets,
      release,
      ...(build === undefined ? {} : { build }),
      save: ({ correlationId, settings }) =>
        settled(() => {
          const { state } = bridge.ask(link, "save", { machine, correlationId, settings });
          const bytes = octetsOf(state);
          if (bytes === undefined) throw new ProtocolError("its state must have octets");
          return { writer: { implementation, release }, codec: format, bytes };
        }),
      ...(verbs.includes("goOn")
        ? { goOn: () => settled(() => void bridge.ask(link, "goOn", { machine })) }
        : {}),
      ...(verbs.includes("takeLeave")
        ? {
            takeLeave: () =>
              settled(() => bridge.ask(link, "takeLeave", { machine }).value as readonly string[]),
          }
        : {}),
      [Symbol.asyncDispose]: () => settled(() => void bridge.ask(link, "stop", { machine })),
    };
  }
}

/** What has been done, as a promise. */
function settled<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
