import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { Daemon } from "./daemon.ts";
import { PROFILES } from "./profiles_table.ts";
import type { StoreNode } from "./store_node.ts";
import { TestClient } from "./test_client.ts";

/** Nodes of the folder that requests are about. */
const OWN = 5;

/** Counts how often some request looks at the children of a node, of any node. */
class Visits {
  count = 0;

  /** Watches over `node` and all below it. */
  watch(node: StoreNode): void {
    let children = node.children;
    for (const child of children?.values() ?? []) this.watch(child);
    Object.defineProperty(node, "children", {
      get: () => {
        this.count++;
        return children;
      },
      set: (value) => {
        children = value;
      },
    });
  }
}

/** Looks at nodes that each request took in a store with `others` nodes beside its own. */
function visitsWith(profile: string, others: number, txId: boolean): Record<string, number> {
  const found = PROFILES[profile];
  if (found === undefined) throw new RangeError(`no profile ${profile}`);
  const daemon = new Daemon({ profile: found });
  const client = new TestClient(daemon);
  for (let n = 0; n < others; n++) client.ask("WRITE", `/others/${n % 50}/${n}\0`);
  for (let n = 0; n < OWN; n++) client.ask("WRITE", `/own/${n}\0`);
  const id = txId ? Number.parseInt(client.ask("TRANSACTION_START", "\0") ?? "", 10) : 0;
  const visits = new Visits();
  visits.watch(daemon.store.root);
  const counts: Record<string, number> = {};
  for (const [kind, path] of [
    ["DIRECTORY", "/own"],
    ["RM", "/own/1"],
    ["RM", "/own"],
  ] as const) {
    visits.count = 0;
    const answer = client.ask(kind, `${path}\0`, id);
    assertEquals(client.refused, false, `${kind} ${path} is answered ${answer}`);
    counts[`${kind} ${path}`] = visits.count;
  }
  return counts;
}

for (const profile of ["c", "ocaml"]) {
  for (const inTransaction of [false, true]) {
    const where = inTransaction ? "in a transaction" : "in the store";
    test(`DIRECTORY and RM of ${profile} ${where} look at their own nodes only`, () => {
      const few = visitsWith(profile, 100, inTransaction);
      const many = visitsWith(profile, 5000, inTransaction);
      assertEquals(many, few);
      for (const [request, count] of Object.entries(few)) {
        // From the root down to the folder, once more to change it, and what is in it.
        assertEquals(count > 0 && count < 8 * OWN, true, `${request} looks ${count} times`);
      }
    });
  }
}
