import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { type Connection, Daemon, PROFILES, type Profile, TYPE } from "../../src/xenstore/mod.ts";
import type { Opponent, Reply } from "./comparison.ts";
import { cutHeard, type Heard, isAnswer } from "./heard.ts";
import { compareOn, type Found, search } from "./search.ts";
import { DOMAINS_AT_FIRST, ringOf } from "./step.ts";
import { textOfStep } from "./step_text.ts";

const C = PROFILES["c-4.20"] as Profile;
const OCAML = PROFILES["ocaml-4.20"] as Profile;

/** Another model in place of a real daemon. */
class ModelOpponent implements Opponent {
  readonly #daemon: Daemon;
  readonly #sockets = new Map<string, Connection>();
  readonly #heard = new Map<Connection, Heard[]>();

  constructor(profile: Profile) {
    this.#daemon = new Daemon({ profile });
    for (const domid of DOMAINS_AT_FIRST) this.#daemon.domains.create(domid);
  }

  ask(client: string, octets: readonly Uint8Array[], answers: number): Promise<Reply> {
    const connection = this.#connection(client);
    for (const message of octets) {
      this.#daemon.receive(connection, message);
      this.#flush();
    }
    const heard = this.#heard.get(connection) ?? [];
    const last = heard.filter(isAnswer)[answers - 1];
    const missing = answers === 0 ? 0 : heard.length;
    const taken = heard.splice(0, last === undefined ? missing : heard.indexOf(last) + 1);
    if (connection.closed) this.#daemon.disconnect(connection);
    const isClosed = connection.closed || connection.ignored;
    return Promise.resolve(isClosed ? { heard: taken, trouble: "closed" } : { heard: taken });
  }

  leave(client: string, octets: Uint8Array): Promise<void> {
    const connection = this.#connection(client);
    this.#daemon.receive(connection, octets);
    this.#daemon.disconnect(connection);
    this.#sockets.delete(client);
    this.#flush();
    return Promise.resolve();
  }

  happen(kind: string, domid: number): Promise<void> {
    if (kind === "CREATE") this.#daemon.domains.create(domid);
    else if (kind === "SHUTDOWN") this.#daemon.domainShutDown(domid);
    else this.#daemon.domainDied(domid);
    this.#flush();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #connection(client: string): Connection {
    const domid = ringOf(client);
    const ring = domid === undefined ? undefined : this.#daemon.domains.get(domid)?.connection;
    const known = ring ?? this.#sockets.get(client);
    if (known !== undefined && !known.closed) return known;
    const made = this.#daemon.connect();
    this.#sockets.set(client, made);
    return made;
  }

  #flush(): void {
    for (const connection of this.#daemon.connections()) {
      const heard = this.#heard.get(connection) ?? [];
      heard.push(...cutHeard(connection.output()));
      this.#heard.set(connection, heard);
    }
  }
}

function pairOf(profile: Profile, other: Profile) {
  return { profile, start: () => Promise.resolve(new ModelOpponent(other)) };
}

/** The profile with a handler of its own in front of the right one. */
function defective(type: number, wrong: (request: never) => string | undefined): Profile {
  const right = C.handlers[type];
  const handler: typeof right = (request) => wrong(request as never) ?? right?.(request) ?? "";
  return { ...C, handlers: { ...C.handlers, [type]: handler } };
}

async function foundIn(profile: Profile, requests: number): Promise<readonly Found[]> {
  let found: readonly Found[] = [];
  for await (const progress of search({ ...pairOf(profile, C), seed: 1, requests })) {
    found = progress.found;
  }
  return found;
}

for (const profile of [C, OCAML]) {
  test(`search() finds no difference between ${profile.name} and itself`, async () => {
    let last: { readonly requests: number; readonly found: readonly Found[] } | undefined;
    for await (const progress of search({
      ...pairOf(profile, profile),
      seed: 1,
      requests: 5000,
    })) {
      last = progress;
    }
    assertEquals(last?.found, []);
    assertEquals((last?.requests ?? 0) >= 5000, true);
  });
}

test("search() shrinks a wrong answer to UNWATCH to the requests that it takes", async () => {
  // The second watch of a client cannot be taken away.
  const profile = defective(TYPE.UNWATCH, ({ connection }: { connection: Connection }) =>
    connection.watches.length === 2 ? "OK\0" : undefined,
  );
  const found = await foundIn(profile, 6000);
  assertEquals(found.length > 0, true);
  for (const { steps, repeats } of found) {
    assertEquals(repeats, true);
    const kinds = steps.map(({ kind }) => kind).filter((kind) => kind !== "INTRODUCE");
    assertEquals(kinds.filter((kind) => kind === "WATCH").length <= 3, true);
    assertEquals(kinds.includes("UNWATCH"), true);
    assertEquals(kinds.length <= 6, true, steps.map(textOfStep).join("\n"));
  }
});

test("search() shrinks a lost conflict to one transaction and one write", async () => {
  const profile = defective(
    TYPE.TRANSACTION_END,
    ({ transaction, connection }: { transaction: unknown; connection: Connection }) => {
      if (transaction === undefined) return undefined;
      connection.transactions.clear();
      return "OK\0";
    },
  );
  const found = await foundIn(profile, 3000);
  const conflict = found.find(({ kind }) => kind.endsWith("not EAGAIN"));
  const steps = conflict?.steps.map(({ kind }) => kind) ?? [];
  assertEquals(steps[0], "TRANSACTION_START");
  assertEquals(steps.at(-1), "TRANSACTION_END");
  assertEquals(steps.length, 4, conflict?.steps.map(textOfStep).join("\n"));
});

test("compareOn() tells the step, both answers and how a connection ended", async () => {
  const oversized = { ...C, oversize: "cut" } as const;
  const steps = [
    { client: "c0", kind: "READ", tx: "", opens: "", body: "/\0", times: 1 },
    { client: "c0", kind: "WRITE", tx: "", opens: "", body: `/a\0${"v".repeat(4096)}`, times: 1 },
  ];
  const { requests, difference } = await compareOn(pairOf(oversized, C), steps);
  assertEquals(requests, 2);
  assertEquals(difference?.index, 1);
  assertEquals(difference?.theirs, "closed");
});
