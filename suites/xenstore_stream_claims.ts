/**
 * What a daemon may do with a stream that is not as a daemon writes it.
 *
 * Method: one change of the stream between the old daemon and the new one. The store has enough
 * nodes for a loss to show.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { read, write } from "../harness/facets/xenstore_requests.ts";
import { check, type Scenario, scenario } from "../harness/mod.ts";
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

export async function checkWhole(xenstore: Xenstore): Promise<void> {
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

export const filledStore = { needs: ["xenstore"], preparation: filled } as const;

/** The specification allows it, so that it costs nothing. */
export function allowed(kind: string, must: string, section: string): Scenario {
  return scenario({
    ...filledStore,
    name: `${kind}/costs-nothing`,
    must,
    source: `${SPEC}, ${section}`,
    when: { fault: `stream:${kind}:restore` },
    after: ({ xenstore }) => checkWhole(xenstore),
  });
}

/** The stream is not whole or not for this reader; to take a part of it is to lose the rest. */
export function refused(kind: string, must: string, section: string): Scenario {
  return scenario({
    ...filledStore,
    name: `${kind}/is-refused`,
    must,
    source: `${SPEC}, ${section}`,
    when: { fault: `stream:${kind}:restore` },
    after: () => check(false, "the update is done as if the stream were in order"),
    afterFailedRestore: checkExit,
  });
}

/** Refusing is right, and so is taking everything else. */
export function allOrNothing(kind: string, must: string, section: string): Scenario {
  return scenario({
    ...filledStore,
    name: `${kind}/is-taken-whole-or-not`,
    must,
    source: `${SPEC}, ${section}`,
    when: { fault: `stream:${kind}:restore` },
    after: ({ xenstore }) => checkWhole(xenstore),
    afterFailedRestore: checkExit,
  });
}
