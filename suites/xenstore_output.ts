/**
 * Answers that their clients have not read when the daemon is updated: none is lost, cut or told
 * twice, wherever the old daemon was in its sending.
 *
 * Method: rings are filled so that the last answer is cut at each of its octets; a socket is filled
 * until it takes no more. They are read after the restore.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { read, readOctets, request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, demandAnswer, prepared, shown } from "./xenstore_asking.ts";

const MIGRATION = "Xen, docs/designs/xenstore-migration.md, CONNECTION_DATA";

const RING_LENGTH = 1024;
const HEADER_LENGTH = 16;
const VALUE = "the value";
const ANSWER_LENGTH = HEADER_LENGTH + VALUE.length;
/** Octets of the second answer that are in the ring; from none to all. */
const CUTS = Array.from({ length: ANSWER_LENGTH + 1 }, (_, at) => at);

/** A domain for each cut. */
function domainOf(cut: number): number {
  return 30 + cut;
}

/** The node whose answer leaves room for so many octets behind it. */
function fillerOf(cut: number): readonly [path: string, value: string] {
  return [`/fill/${cut}`, "f".repeat(RING_LENGTH - HEADER_LENGTH - cut)];
}

const cut = prepared("answers-cut-at-each-octet", async (xenstore) => {
  const privileged = xenstore.socket("privileged");
  await demand(privileged, write("/short", VALUE));
  await demand(privileged, request("SET_PERMS", "/short", "r0"));
  for (const at of CUTS) {
    const [path, value] = fillerOf(at);
    await demand(privileged, write(path, value));
    await demand(privileged, request("SET_PERMS", path, "r0"));
    await demand(xenstore.domain(domainOf(at)), watch("own", "token"));
    await xenstore.domain(domainOf(at)).events();
  }
  for (const at of CUTS) {
    const octets = readOctets(fillerOf(at)[0]) + readOctets("/short");
    await xenstore.domain(domainOf(at)).send(octets);
  }
  await settled(xenstore);
  // Events come behind the answers.
  for (const at of CUTS) {
    await demand(privileged, write(`/local/domain/${domainOf(at)}/own`, ""));
    await demand(privileged, request("SET_PERMS", `/local/domain/${domainOf(at)}/own`, "r0"));
  }
});

/** By these answers the daemon has seen every ring. */
async function settled(xenstore: Xenstore): Promise<void> {
  for (let round = 0; round < 4; round++) await demand(xenstore.socket("privileged"), read("/"));
}

/** More than any socket's buffer, of answers that are no multiple of anything. */
const [MANY, LARGE] = [400, "l".repeat(2001)];

const stuffed = prepared("answers-that-no-socket-holds", async (xenstore) => {
  const client = xenstore.socket("silent");
  await demand(client, write("/large", LARGE));
  await client.send(readOctets("/large").repeat(MANY));
  await settled(xenstore);
});

export default suite("xenstore-output", [
  scenario({
    name: "ring/is-cut-nowhere",
    must: "An answer of which some octets are in the ring is whole when the update is done",
    source: `${MIGRATION}: out-resp-len, out-data-len`,
    needs: ["xenstore"],
    preparation: cut,
    when: { load: "cut-answers" },
    async after({ xenstore }) {
      for (const at of CUTS) {
        const domain = xenstore.domain(domainOf(at));
        const filler = await demandAnswer(domain, `the answer before cut ${at}`);
        check(filler === fillerOf(at)[1], `before cut ${at} the answer is ${shown(filler)}`);
        const is = await demandAnswer(domain, `the answer cut at ${at}`);
        check(is === VALUE, `cut at ${at} the answer is ${shown(is)}`);
      }
    },
  }),

  scenario({
    name: "events/come-behind",
    must: "Events that waited behind a cut answer come after it, whole and once",
    source: `${MIGRATION}: out-data`,
    needs: ["xenstore"],
    preparation: cut,
    when: { load: "cut-answers" },
    async after({ xenstore }) {
      for (const at of CUTS) {
        const events = await xenstore.domain(domainOf(at)).events();
        const seen = events.map(({ path, token }) => `${path} ${token}`).join();
        check(seen === "own token", `behind cut ${at} events are ${shown(seen)}`);
      }
    },
  }),

  scenario({
    name: "socket/is-cut-nowhere",
    must: "A client that reads late gets each answer, whole and in order",
    source: `${MIGRATION}: out-resp-len, out-data-len`,
    needs: ["xenstore"],
    preparation: stuffed,
    when: { load: "unread-socket" },
    async after({ xenstore }) {
      const client = xenstore.socket("silent");
      for (let n = 1; n <= MANY; n++) {
        const is = await demandAnswer(client, `request ${n}`);
        check(is === LARGE, `answer ${n} has ${is.length} octets: ${shown(is)}`);
      }
      await demand(client, read("/"));
    },
  }),
]);
