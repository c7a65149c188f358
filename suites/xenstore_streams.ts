/**
 * Streams that are not as a daemon writes them: a reader takes what the specification allows, and
 * of what it does not allow it takes nothing.
 *
 * Method: one change of the stream between the old daemon and the new one. The store has enough
 * nodes for a loss to show.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { read, write } from "../harness/facets/xenstore_requests.ts";
import { check, type Scenario, scenario, suite } from "../harness/mod.ts";
import { demand, prepared } from "./xenstore_asking.ts";

const SPEC = "Xen, docs/designs/xenstore-migration.md";

const NODES = 60;
/** Lengths differ, so that paddings do. */
function nodeOf(n: number): readonly [path: string, value: string] {
  return [`/stream/${"n".repeat(n % 9)}${n}`, "v".repeat(n)];
}

const filled = prepared("store-with-many-nodes", async (xenstore) => {
  for (let n = 0; n < NODES; n++) await demand(client(xenstore), write(...nodeOf(n)));
});

function client(xenstore: Xenstore) {
  return xenstore.socket("stream");
}

async function checkWhole(xenstore: Xenstore): Promise<void> {
  let lost = 0;
  for (let n = 0; n < NODES; n++) {
    const [path, value] = nodeOf(n);
    const { error, body } = await client(xenstore).ask(read(path));
    if (error !== null || body !== value) lost++;
  }
  check(lost === 0, `the update is done and ${lost} of ${NODES} nodes are lost`);
}

/** A daemon that refuses a stream says so and exits; it does not crash over it or play dead. */
function checkExit({ kind, reason = "" }: { readonly kind: string; readonly reason?: string }) {
  check(kind !== "hung", `the daemon neither refuses nor answers: ${reason}`);
  check(!/SIG[A-Z]+/.test(reason), reason);
}

const common = { needs: ["xenstore"], preparation: filled } as const;

/** The specification allows it, so that it costs nothing. */
function allowed(kind: string, must: string, section: string): Scenario {
  return scenario({
    ...common,
    name: `${kind}/costs-nothing`,
    must,
    source: `${SPEC}, ${section}`,
    when: { fault: `stream:${kind}:restore` },
    after: ({ xenstore }) => checkWhole(xenstore),
  });
}

/** The stream is not whole or not for this reader; to take a part of it is to lose the rest. */
function refused(kind: string, must: string, section: string): Scenario {
  return scenario({
    ...common,
    name: `${kind}/is-refused`,
    must,
    source: `${SPEC}, ${section}`,
    when: { fault: `stream:${kind}:restore` },
    after: () => check(false, "the update is done as if the stream were in order"),
    afterFailedRestore: checkExit,
  });
}

/** Refusing is right, and so is taking everything else. */
function allOrNothing(kind: string, must: string, section: string): Scenario {
  return scenario({
    ...common,
    name: `${kind}/is-taken-whole-or-not`,
    must,
    source: `${SPEC}, ${section}`,
    when: { fault: `stream:${kind}:restore` },
    after: ({ xenstore }) => checkWhole(xenstore),
    afterFailedRestore: checkExit,
  });
}

export default suite("xenstore-streams", [
  allowed("unknown-record", "A record of an unknown type costs no other record", "Records"),
  allowed("exact-length", "A length is that of the body, which padding follows", "Records: len"),
  allowed("odd-padding", "Padding is ignored, whatever is in it", "Records"),
  allowed("after-end", "What follows the END record is no part of the stream", "END"),
  allowed("pending-node", "A node of a pending transaction costs no other node", "NODE_DATA"),

  scenario({
    ...common,
    name: "pending-node/is-not-committed",
    must: "A node that is only written in a pending transaction is not in the store",
    source: `${SPEC}, NODE_DATA: conn-id is not zero`,
    when: { fault: "stream:pending-node:restore" },
    async after({ xenstore }) {
      const { error } = await client(xenstore).ask(read("/pending"));
      check(error === "ENOENT", `reading it is answered ${error ?? "with a value"}`);
    },
  }),

  refused("no-end", "A stream without its END record is not whole", "END"),
  refused("cut-record", "A stream that ends within a record is not whole", "Records: len"),
  refused("big-endian", "A stream that says to be of the other byte order is not read", "Header"),
  refused("reserved-flag", "A stream with a flag that must be zero is not read", "Header: flags"),
  refused("version-zero", "A stream of version 0, which there is not, is not read", "Header"),
  refused("version-three", "A stream of a version to come is not read", "Header: version"),
  refused(
    "end-only",
    "A stream that holds nothing leaves no daemon without a store",
    "GLOBAL_DATA",
  ),
  refused("no-global", "A live update needs the sockets of GLOBAL_DATA", "GLOBAL_DATA"),

  allOrNothing("cut-half", "A stream that is cut is not taken for whole", "END"),
  allOrNothing("no-parent", "A node without its parent costs no other node", "NODE_DATA"),
  allOrNothing("watch-of-nobody", "A watch of no connection costs no node", "WATCH_DATA"),
]);
