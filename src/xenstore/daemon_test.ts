import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Daemon, PAYLOAD_MAX, PROFILES, type Profile } from "./mod.ts";
import { TestClient } from "./test_client.ts";
import { octetsOf } from "./text.ts";
import { encodeMessage, HEADER_LENGTH, TYPE } from "./wire.ts";

const C = PROFILES.c as Profile;
const OCAML = PROFILES.ocaml as Profile;

test("Daemon answers a request that comes octet by octet", () => {
  const daemon = new Daemon({ profile: C });
  const client = new TestClient(daemon);
  const octets = encodeMessage(TYPE.WRITE, { reqId: 1, txId: 0 }, "/a\0v");
  const answers = [...octets].map((octet) => {
    daemon.receive(client.connection, Uint8Array.of(octet));
    return client.answer();
  });
  assertEquals(
    answers.slice(0, -1).every((it) => it === undefined),
    true,
  );
  assertEquals(answers.at(-1), "OK\0");
});

test("Daemon takes a payload at the limit and closes on one above it", () => {
  for (const [length, closed] of [
    [PAYLOAD_MAX - 1, false],
    [PAYLOAD_MAX, false],
    [PAYLOAD_MAX + 1, true],
  ] as const) {
    const client = new TestClient(new Daemon({ profile: C }));
    client.send(TYPE.WRITE, 0, octetsOf(`/a\0${"x".repeat(length - 3)}`));
    assertEquals([length, client.connection.closed], [length, closed]);
  }
});

test("Daemon stops asking a client that reads no answers, and goes on when it does", () => {
  const daemon = new Daemon({ profile: C });
  const client = new TestClient(daemon);
  client.ask("WRITE", `/a\0${"x".repeat(4000)}`);
  const read = encodeMessage(TYPE.READ, { reqId: 1, txId: 0 }, "/a\0");
  let sent = 0;
  while (client.connection.input.length === 0 && sent < 1000) {
    daemon.receive(client.connection, read);
    sent++;
  }
  assertEquals(client.connection.waitingOctets < 2 ** 19, true);
  const before = client.connection.waitingOctets;
  client.connection.output();
  daemon.proceed(client.connection);
  assertEquals(client.connection.waitingOctets, HEADER_LENGTH + 4000);
  assertEquals(before > 2 ** 18, true);
});

test("Daemon gives up a client whose events nobody fetches", () => {
  const daemon = new Daemon({ profile: C });
  const [deaf, busy] = [new TestClient(daemon), new TestClient(daemon)];
  const token = "t".repeat(2000);
  deaf.ask("WATCH", `/a\0${token}\0`);
  for (let index = 0; index < 20_000 && !deaf.connection.closed; index++) {
    busy.ask("WRITE", `/a/n${index}\0`);
  }
  assertEquals(deaf.connection.closed, true);
  assertEquals(deaf.connection.waitingOctets < 2 ** 24 + PAYLOAD_MAX + HEADER_LENGTH, true);
});

test("Relative watches tell relative paths, special ones and depths their own", () => {
  const daemon = new Daemon({ profile: PROFILES["c-4.22"] as Profile });
  const client = new TestClient(daemon);
  client.ask("WATCH", "rel\0r\0");
  client.ask("WATCH", "/d\0d\x001\0");
  client.ask("WATCH", "@introduceDomain\0s\0");
  client.events.length = 0;
  client.ask("WRITE", "/local/domain/0/rel/x\0");
  client.ask("WRITE", "/d/1\0");
  client.ask("WRITE", "/d/1/2\0");
  client.ask("INTRODUCE", "5\x001\x007\0");
  assertEquals(client.events, ["rel/x\0r\0", "/d/1\0d\0", "@introduceDomain\0s\0"]);
});

test("A domain acts for its target and loses that with it", () => {
  const daemon = new Daemon({ profile: C });
  const client = new TestClient(daemon);
  for (const domid of [5, 6]) client.ask("INTRODUCE", `${domid}\x001\x007\0`);
  client.ask("WRITE", "/five\0v");
  client.ask("SET_PERMS", "/five\0n5\0");
  const six = new TestClient(daemon, daemon.domains.get(6)?.connection as never);
  assertEquals(six.ask("READ", "/five\0"), "EACCES\0");
  assertEquals(client.ask("SET_TARGET", "6\x005\0"), "OK\0");
  assertEquals(six.ask("READ", "/five\0"), "v");
  daemon.domainDied(5);
  assertEquals(six.ask("READ", "/five\0"), "EACCES\0");
});

test("A new domain of an old number gains nothing by permissions of the old one", () => {
  const daemon = new Daemon({ profile: C });
  const client = new TestClient(daemon);
  client.ask("INTRODUCE", "5\x001\x007\0");
  client.ask("WRITE", "/a\0v");
  client.ask("SET_PERMS", "/a\0n0\0r5\0");
  daemon.domainDied(5);
  client.ask("WRITE", "/b\0");
  client.ask("INTRODUCE", "5\x001\x007\0");
  const five = new TestClient(daemon, daemon.domains.get(5)?.connection as never);
  assertEquals(five.ask("READ", "/a\0"), "EACCES\0");
});

test("OCaml settles a conflict by replay when all answers are the same", () => {
  const client = new TestClient(new Daemon({ profile: OCAML }));
  client.ask("WRITE", "/a\x001");
  client.ask("WRITE", "/b\x001");
  const txId = Number.parseInt(client.ask("TRANSACTION_START", "\0") ?? "", 10);
  client.ask("READ", "/a\0", txId);
  client.ask("WRITE", "/c\x002", txId);
  client.ask("WRITE", "/b\x002");
  assertEquals(client.ask("TRANSACTION_END", "T\0", txId), "OK\0");
  assertEquals([client.ask("READ", "/b\0"), client.ask("READ", "/c\0")], ["2", "2"]);
});

test("RM in a transaction that saw the parent without the child is refused, not fatal", () => {
  const client = new TestClient(new Daemon({ profile: C }));
  const txId = Number.parseInt(client.ask("TRANSACTION_START", "\0") ?? "", 10);
  client.ask("READ", "/a\0", txId);
  client.ask("WRITE", "/a/b\0");
  assertEquals(client.ask("RM", "/a/b\0", txId), "EINVAL\0");
  assertEquals(client.ask("TRANSACTION_END", "T\0", txId), "EAGAIN\0");
});
