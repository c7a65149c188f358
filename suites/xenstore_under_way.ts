/**
 * What clients have under way when a live update is asked for: transactions, halves of requests,
 * answers that were not read, and domains that act for others.
 *
 * Method: one such thing is begun before the save, and ended after the restore. Where the daemon
 * waits for its clients, it is given two seconds.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { read, readOctets, request, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, prepared, shown } from "./xenstore_asking.ts";

const CONTROL = "Xen, docs/misc/xenstore.txt, CONTROL live-update";
const MIGRATION = "Xen, docs/designs/xenstore-migration.md";

const VALUE = "the value";

/** A transaction with a node that is only in it. */
const opened = prepared("open-transaction", async (xenstore) => {
  const client = owner(xenstore);
  await demand(client, write("/outside", VALUE));
  const id = await demand(client, request("TRANSACTION_START", ""));
  check(id === "1\0", `the first transaction of a connection is ${shown(id)}`);
  await demand(client, write("/inside", VALUE), 1);
});

function owner(xenstore: Xenstore) {
  return xenstore.socket("transactor");
}

const HALVES = readOctets("/whole");
const HEADER_LENGTH = 16;
/** Everywhere but between header and body, which is a claim of its own. */
const CUTS = Array.from(HALVES, (_, at) => at).filter((at) => at > 0 && at !== HEADER_LENGTH);

const halved = prepared("request-cut-at-each-octet", async (xenstore) => {
  await demand(xenstore.socket("halves"), write("/whole", VALUE));
  for (const at of CUTS) {
    const client = xenstore.socket(`half-${at}`);
    await demand(client, read("/"));
    await client.send(HALVES.slice(0, at));
  }
  // A daemon looks at all of its sockets before it looks at one for a second time.
  for (let round = 0; round < 2; round++) await demand(xenstore.socket("halves"), read("/"));
});

const headed = prepared("header-without-body", async (xenstore) => {
  const client = xenstore.socket(`half-${HEADER_LENGTH}`);
  await demand(client, write("/whole", VALUE));
  await client.send(HALVES.slice(0, HEADER_LENGTH));
});

/** Sends what was left of a request, and looks at the answer. */
async function checkCompleted(xenstore: Xenstore, at: number): Promise<void> {
  const client = xenstore.socket(`half-${at}`);
  await client.send(HALVES.slice(at));
  const { error, body, reqId } = await client.answer();
  check(error === null, `cut at ${at} the request is answered ${error}`);
  check(body === VALUE && reqId === 7, `cut at ${at} request ${reqId} has ${shown(body)}`);
}

const DOMID = 5;
/** Answers that together are longer than a ring of 1,024 octets. */
const LARGE = "l".repeat(700);
const ANSWERS = 3;

const unread = prepared("answers-that-are-not-read", async (xenstore) => {
  const privileged = xenstore.socket("halves");
  await demand(xenstore.domain(DOMID), request("GET_DOMAIN_PATH", "0"));
  await demand(privileged, write("/large", LARGE));
  await demand(privileged, request("SET_PERMS", "/large", `n${DOMID}`));
  await xenstore.domain(DOMID).send(readOctets("/large").repeat(ANSWERS));
  // By these answers the daemon has seen the ring.
  for (let round = 0; round < 4; round++) await demand(privileged, read("/"));
});

const TARGETING = 6;

const targeted = prepared("domain-that-acts-for-another", async (xenstore) => {
  const privileged = xenstore.socket("halves");
  for (const domid of [DOMID, TARGETING]) {
    await demand(xenstore.domain(domid), request("GET_DOMAIN_PATH", "0"));
  }
  await demand(privileged, write("/of-the-target", VALUE));
  await demand(privileged, request("SET_PERMS", "/of-the-target", `n${DOMID}`));
  await demand(privileged, request("SET_TARGET", String(TARGETING), String(DOMID)));
});

const waiting = {
  needs: ["xenstore"],
  preparation: opened,
  when: { load: "transaction" },
  after: () => check(false, "the update was done while a transaction was open"),
} as const;

const forced = {
  needs: ["xenstore"],
  preparation: opened,
  when: { load: "transaction", forced: "yes" },
} as const;

export default suite("xenstore-under-way", [
  scenario({
    ...waiting,
    name: "transaction/is-waited-for",
    must: "An update that is not forced is refused while a transaction is open, and says why",
    source: CONTROL,
    afterFailedSave(_machine, _carried, message) {
      check(/transaction|\d tx/.test(message), `the toolstack is told ${shown(message)}`);
    },
  }),

  scenario({
    ...waiting,
    name: "transaction/outlives-a-refusal",
    must: "A transaction for which an update was refused goes on and ends as if nobody had asked",
    source: CONTROL,
    async afterFailedSave({ xenstore }) {
      const client = owner(xenstore);
      const is = await demand(client, read("/inside"), 1);
      check(is === VALUE, `in the transaction the node is ${shown(is)}`);
      await demand(client, request("TRANSACTION_END", "T"), 1);
      await demand(client, read("/inside"));
    },
  }),

  scenario({
    ...forced,
    name: "forced/does-not-wait",
    must: "A forced update is done while a transaction is open",
    source: `${CONTROL}: -F`,
    async after({ xenstore }) {
      await demand(owner(xenstore), read("/outside"));
    },
  }),

  scenario({
    ...forced,
    name: "forced/commits-nothing",
    must: "What was written in a transaction that an update has ended is not in the store",
    source: `${MIGRATION}, NODE_DATA: conn-id`,
    async after({ xenstore }) {
      const { error } = await owner(xenstore).ask(read("/inside"));
      check(error === "ENOENT", `reading it is answered ${error ?? "with a value"}`);
    },
  }),

  scenario({
    ...forced,
    name: "forced/transaction-ends-in-conflict",
    must: "A transaction that is not in the stream ends with EAGAIN: its client tries again",
    source: `${MIGRATION}, TRANSACTION_DATA`,
    async after({ xenstore }) {
      const { error } = await owner(xenstore).ask(request("TRANSACTION_END", "T"), 1);
      check(error === "EAGAIN", `ending it is answered ${error ?? "OK"}`);
    },
  }),

  scenario({
    ...forced,
    name: "forced/identifier-is-not-given-again",
    must: "A new transaction is not called as one that its connection may still believe in",
    source: `${MIGRATION}, TRANSACTION_DATA`,
    async after({ xenstore }) {
      const id = await demand(owner(xenstore), request("TRANSACTION_START", ""));
      check(id !== "1\0", "the new transaction is 1, as the lost one was");
    },
  }),

  scenario({
    name: "request/is-completed",
    must: "A request that came in part before the update is answered when the rest comes",
    source: `${MIGRATION}, CONNECTION_DATA: in-data-len`,
    needs: ["xenstore"],
    preparation: halved,
    when: { load: "half-request" },
    async after({ xenstore }) {
      for (const at of CUTS) await checkCompleted(xenstore, at);
    },
  }),

  scenario({
    name: "request/holds-up-nobody",
    must: "A client that has sent a header and no more holds up neither others nor an update",
    source: "Xen, docs/misc/xenstore.txt; XSA-326 for clients that hold up others",
    needs: ["xenstore"],
    preparation: headed,
    when: { load: "header-only" },
    after: ({ xenstore }) => checkCompleted(xenstore, HEADER_LENGTH),
  }),

  scenario({
    name: "answers/arrive-whole",
    must: "Answers that were not read before the update arrive after it, whole and in order",
    source: `${MIGRATION}, CONNECTION_DATA: out-resp-len, out-data-len`,
    needs: ["xenstore"],
    preparation: unread,
    when: { load: "unread-answers" },
    async after({ xenstore }) {
      for (let n = 1; n <= ANSWERS; n++) {
        const { error, body } = await xenstore.domain(DOMID).answer();
        check(error === null, `answer ${n} is ${error}`);
        check(body === LARGE, `answer ${n} has ${body.length} octets: ${shown(body)}`);
      }
      await demand(xenstore.domain(DOMID), request("GET_DOMAIN_PATH", "0"));
    },
  }),

  scenario({
    name: "target/is-kept",
    must: "A domain that acts for another one before the update does so after it",
    source: `${MIGRATION}, CONNECTION_DATA: tdomid`,
    needs: ["xenstore"],
    preparation: targeted,
    when: { load: "target" },
    async after({ xenstore }) {
      const is = await demand(xenstore.domain(TARGETING), read("/of-the-target"));
      check(is === VALUE, `the target's node is ${shown(is)}`);
    },
  }),
]);
