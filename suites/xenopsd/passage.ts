/**
 * A migration as it goes on: what the two sides tell each other, and what they do meanwhile.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml and xenops_migrate.ml.
 *
 * @module
 */
import type { XenopsMessage, XenopsPoint } from "../../harness/facets/xenopsd.ts";
import type { Client } from "./client.ts";
import type { Hosts } from "./hosts.ts";
import { stepsOf } from "./stepping.ts";

/** In the order of the protocol; numbers are those of its points of synchronisation. */
export const MARKS = [
  "1: the receiver is ready",
  "1-mem: the receiver is ready for memory",
  "the sender says that it goes on",
  "memory",
  "the sender has saved it",
  "2: the sender has renamed it",
  "3: the sender lets go of it",
  "the receiver has renamed it",
  "the receiver lets it run",
  "4: the receiver has it",
] as const;

type Mark = (typeof MARKS)[number];

/** Marks by who says something on which connection for which time. */
const SAID: Readonly<Record<string, readonly Mark[]>> = {
  "receiver control": [MARKS[0], MARKS[9]],
  "receiver memory": [MARKS[1]],
  "sender control": [MARKS[2], MARKS[6]],
};

const DONE: Readonly<Record<string, Mark>> = {
  "sender VM_save": MARKS[4],
  "sender VM_rename": MARKS[5],
  "receiver VM_rename": MARKS[7],
  "receiver VM_unpause": MARKS[8],
};

export class Passage {
  readonly marks: string[] = [];
  readonly #hosts: Hosts;
  readonly #counts = new Map<string, number>();
  #messages = 0;

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    for (const client of [hosts.here, hosts.there]) stepsOf(client).forget();
  }

  /** One step of one side; false when there is none to make. */
  step(): boolean {
    const { here, there, stream } = this.#hosts;
    const went = stepsOf(here).step();
    // A step goes up to the next point: what it has sent was sent before that.
    for (const message of stream.passed.slice(this.#messages)) this.#say(message);
    this.#messages = stream.passed.length;
    this.#do("sender", here);
    this.#do("receiver", there);
    return went;
  }

  /** Goes on until there are so many marks; false if it ends before. */
  stepTo(count: number): boolean {
    while (this.marks.length < count) if (!this.step()) return false;
    return true;
  }

  #say({ path, from, kind, octets }: XenopsMessage): void {
    if (kind === "memory") {
      if (this.marks.at(-1) !== "memory") this.marks.push("memory");
      return;
    }
    const who = `${from} ${path.startsWith("/migrate/mem/") ? "memory" : "control"}`;
    const count = this.#counts.get(who) ?? 0;
    this.#counts.set(who, count + 1);
    const isSuccess = octets.length === 2 && octets.every((octet) => octet === 0);
    this.marks.push(isSuccess ? (SAID[who]?.[count] ?? `${who} once more`) : `${who}: an error`);
  }

  #do(side: string, client: Client): void {
    const steps = stepsOf(client);
    for (const point of steps.passed) {
      const mark = markOf(side, point);
      if (mark !== undefined && !this.marks.includes(mark)) this.marks.push(mark);
    }
  }
}

function markOf(side: string, { leaf, phase }: XenopsPoint): Mark | undefined {
  return phase === "after" ? DONE[`${side} ${leaf}`] : undefined;
}
