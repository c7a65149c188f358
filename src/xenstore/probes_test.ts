import { readFileSync } from "node:fs";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { type Connection, Daemon, PROFILES } from "./mod.ts";
import { textOf } from "./text.ts";
import { encodeMessage, HEADER_LENGTH, lengthAt, TYPE } from "./wire.ts";

interface Probe {
  readonly name: string | null;
  readonly connection: string;
  readonly type: number | null;
  readonly tx: number | "last";
  readonly body_hex: string | null;
  readonly body_format?: string;
  readonly repeat?: number;
}

const FOLDER = new URL("../../fixtures/xenstore/", import.meta.url);
const PROBES = readFileSync(new URL("wire-probes.ndjson", FOLDER), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Probe);

/** Columns of the table of answers, and the profiles that stand for them. */
const COLUMNS = ["c-4.14", "c-4.17", "c-4.20", "c-4.22", "ocaml-4.17", "ocaml-4.20"];

/** Answers by row, one for each column, as the probe's Python wrote them. */
const ROWS: ReadonlyMap<string, readonly string[]> = new Map(
  readFileSync(new URL("wire-diff.txt", FOLDER), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const name = line.slice(6, 40).trim();
      const cells = line.slice(41).split(/ \| (?=b'|b"|"|\d|\[)/);
      return [name, cells.length === 1 ? COLUMNS.map(() => cells[0] as string) : cells];
    }),
);

/** Octets as Python writes them. */
function repr(octets: Uint8Array): string {
  const text = textOf(octets).replace(/[^ -~]/g, (it) => {
    return `\\x${it.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `b'${text}'`;
}

class Client {
  readonly #daemon: Daemon;
  readonly connection: Connection;
  readonly #events: Uint8Array[] = [];
  last = 0;

  constructor(daemon: Daemon, connection: Connection) {
    this.#daemon = daemon;
    this.connection = connection;
  }

  request(
    type: number,
    txId: number,
    body: Uint8Array,
  ): { type: number; body: Uint8Array } | undefined {
    this.#daemon.receive(this.connection, encodeMessage(type, { reqId: 7, txId }, body));
    return this.#take();
  }

  events(): Uint8Array[] {
    this.#take();
    return this.#events.splice(0);
  }

  #take() {
    let answer: { type: number; body: Uint8Array } | undefined;
    const octets = this.connection.output();
    for (let at = 0; at < octets.length; ) {
      const body = octets.slice(at + HEADER_LENGTH, at + HEADER_LENGTH + lengthAt(octets, at));
      const type = octets[at] as number;
      if (type === TYPE.WATCH_EVENT) this.#events.push(body);
      else answer = { type, body };
      at += HEADER_LENGTH + body.length;
    }
    return answer;
  }
}

/** All rows of the table that `profile` answers otherwise than the daemon that it stands for. */
function differences(profile: string): string[] {
  const column = COLUMNS.indexOf(profile);
  const daemon = new Daemon({ profile: PROFILES[profile] as never });
  const clients = new Map<string, Client>();
  const clientOf = (name: string): Client => {
    const known = clients.get(name);
    if (known !== undefined) return known;
    const ring = name === "dom5" ? daemon.domains.get(5)?.connection : undefined;
    const client = new Client(daemon, ring ?? daemon.connect());
    clients.set(name, client);
    return client;
  };
  return PROBES.flatMap((probe) => {
    const shown = ask(clientOf(probe.connection), probe);
    const expected = probe.name === null ? shown : ROWS.get(probe.name)?.[column]?.trim();
    return shown === expected ? [] : [`${probe.name}: ${shown}, not ${expected}`];
  });
}

function ask(client: Client, probe: Probe): string {
  const { type, tx, body_hex, body_format = "", repeat } = probe;
  if (type === null) return `[${client.events().map(repr).join(", ")}]`;
  const txId = tx === "last" ? client.last : tx;
  const octets = (index: number) =>
    body_hex === null
      ? new TextEncoder().encode(body_format.replace("%d", String(index)))
      : Uint8Array.from(Buffer.from(body_hex, "hex"));
  if (repeat !== undefined) {
    let answered = 0;
    while (answered < repeat && client.request(type, txId, octets(answered))?.type !== TYPE.ERROR) {
      answered++;
    }
    return String(answered);
  }
  const answer = client.request(type, txId, octets(0));
  if (answer === undefined) return client.connection.closed ? RESET : NO_REPLY;
  if (type === TYPE.TRANSACTION_START && probe.name === null)
    client.last = Number.parseInt(textOf(answer.body), 10);
  return repr(answer.body);
}

const RESET = `"ConnectionResetError(104, 'Connection re"`;
const NO_REPLY = `"TimeoutError('no reply')"`;

for (const profile of COLUMNS) {
  test(`The profile ${profile} answers every probe as the daemon does`, () => {
    assertEquals(differences(profile), []);
  });
}

test("Every row of the table is asked for", () => {
  const asked = new Set(PROBES.map(({ name }) => name));
  assertEquals(
    [...ROWS.keys()].filter((name) => !asked.has(name)),
    [],
  );
  assertEquals(ROWS.size, 92);
});
