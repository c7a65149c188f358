import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { NO_OCTETS, Store } from "./store.ts";
import { octetsOf, textOf } from "./text.ts";

const PERMS = [{ access: 0, domid: 0 }];

function storeOf(...paths: string[]): Store {
  const store = new Store(PERMS, false);
  for (const path of paths) store.create(path, NO_OCTETS, PERMS);
  return store;
}

test("Store.fork() keeps what the other store changes to itself, in both directions", () => {
  const store = storeOf("/a", "/a/b");
  const fork = store.fork();
  store.setValue("/a/b", octetsOf("1"));
  fork.setValue("/a/b", octetsOf("2"));
  fork.create("/a/c", NO_OCTETS, PERMS);
  const values = [store, fork].map((it) => textOf(it.read("/a/b")?.value ?? NO_OCTETS));
  assertEquals(values, ["1", "2"]);
  assertEquals(store.read("/a/c"), undefined);
});

test("Store.fork() copies no node that is not changed", () => {
  const store = storeOf("/a", "/a/b", "/c");
  const fork = store.fork();
  fork.setValue("/a/b", octetsOf("1"));
  assertEquals(fork.read("/c") === store.read("/c"), true);
  assertEquals(fork.read("/a") === store.read("/a"), false);
});

test("Store.remove() leaves children before their parents and counts all of them", () => {
  const store = storeOf("/a", "/a/b", "/a/b/c", "/a/d");
  const left: string[] = [];
  store.remove("/a", (path) => left.push(path));
  assertEquals(left, ["/a/b/c", "/a/b", "/a/d", "/a"]);
  assertEquals(store.owned(0), 1);
});

test("Store.read() finds a node that a transaction holds after another one was put there", () => {
  const store = storeOf("/a");
  const held = store.read("/a");
  if (held !== undefined) held.watchers++;
  store.setValue("/a", octetsOf("new"));
  assertEquals(textOf(held?.value ?? octetsOf("?")), "");
  assertEquals(textOf(store.read("/a")?.value ?? NO_OCTETS), "new");
});
