import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Daemon, PROFILES, type Profile } from "./mod.ts";
import { TestClient } from "./test_client.ts";

function daemonOf(name: string): Daemon {
  const daemon = new Daemon({ profile: PROFILES[name] as Profile });
  for (const domid of [5, 6]) daemon.domains.create(domid);
  return daemon;
}

function introduced(daemon: Daemon, toolstack: TestClient, domid: number): TestClient {
  assertEquals(toolstack.ask("INTRODUCE", `${domid}\x001\x00${domid}\0`), "OK\0");
  return new TestClient(daemon, daemon.domains.get(domid)?.connection as never);
}

for (const name of ["c-4.17", "c-4.20", "ocaml-4.20"]) {
  test(`${name} removes the nodes of a domain that is released, and all below them`, () => {
    const daemon = daemonOf(name);
    const toolstack = new TestClient(daemon);
    const guest = introduced(daemon, toolstack, 5);
    toolstack.ask("WRITE", "/five\0v");
    toolstack.ask("SET_PERMS", "/five\0n5\0");
    toolstack.ask("WRITE", "/other\0v");
    assertEquals(guest.ask("WRITE", "/five/below\0v"), "OK\0");
    assertEquals(toolstack.ask("RELEASE", "5\0"), "OK\0");
    assertEquals(toolstack.ask("READ", "/five/below\0"), "ENOENT\0");
    assertEquals(toolstack.ask("READ", "/five\0"), "ENOENT\0");
    assertEquals(toolstack.ask("READ", "/other\0"), "v");
  });

  test(`${name} gives no owner that does not exist, and introduces none`, () => {
    const daemon = daemonOf(name);
    const toolstack = new TestClient(daemon);
    toolstack.ask("WRITE", "/a\0");
    const isC = name.startsWith("c-");
    assertEquals(toolstack.ask("SET_PERMS", "/a\0n9\0"), isC ? "ENOENT\0" : "OK\0");
    assertEquals(toolstack.ask("INTRODUCE", "9\x001\x009\0"), isC ? "ENOENT\0" : "EINVAL\0");
  });
}

test("C tells once that a domain has shut down, oxenstored at each signal", () => {
  for (const [name, times] of [
    ["c-4.20", 1],
    ["ocaml-4.20", 2],
  ] as const) {
    const daemon = daemonOf(name);
    const toolstack = new TestClient(daemon);
    introduced(daemon, toolstack, 5);
    toolstack.ask("WATCH", "@releaseDomain\0t\0");
    toolstack.answer();
    toolstack.events.length = 0;
    daemon.domainShutDown(5);
    daemon.domainShutDown(5);
    toolstack.answer();
    assertEquals(toolstack.events.length, times, name);
  }
});

test("A second INTRODUCE of C takes watches and transactions away, and keeps the nodes", () => {
  const daemon = daemonOf("c-4.20");
  const toolstack = new TestClient(daemon);
  toolstack.ask("WRITE", "/home\0v");
  toolstack.ask("SET_PERMS", "/home\0n5\0");
  const guest = introduced(daemon, toolstack, 5);
  guest.ask("WATCH", "/home\0t\0");
  const txId = Number.parseInt(guest.ask("TRANSACTION_START", "\0") ?? "", 10);
  introduced(daemon, toolstack, 5);
  guest.answer();
  guest.events.length = 0;
  assertEquals(guest.ask("READ", "/home\0", txId), "ENOENT\0");
  assertEquals(guest.ask("WRITE", "/home\0w"), "OK\0");
  assertEquals(guest.events, []);
});

test("A target of C outlives as many releases as domains were told to act for it", () => {
  const daemon = daemonOf("c-4.20");
  const toolstack = new TestClient(daemon);
  for (const domid of [5, 6]) introduced(daemon, toolstack, domid);
  toolstack.ask("SET_TARGET", "6\x005\0");
  toolstack.ask("RELEASE", "5\0");
  assertEquals(toolstack.ask("IS_DOMAIN_INTRODUCED", "5\0"), "T\0");
  toolstack.ask("RELEASE", "6\0");
  toolstack.ask("RELEASE", "5\0");
  assertEquals(toolstack.ask("IS_DOMAIN_INTRODUCED", "5\0"), "F\0");
});

test("Nodes that C makes at once are written the deepest first", () => {
  const toolstack = new TestClient(daemonOf("c-4.20"));
  toolstack.ask("WRITE", "/a/b/c\0v");
  const generations = ["/a/b/c", "/a/b", "/a", "/"].map(
    (path) => toolstack.ask("DIRECTORY_PART", `${path}\x009\0`)?.split("\0")[0],
  );
  // The daemon has written five nodes before.
  assertEquals(generations, ["6", "7", "8", "9"]);
});
