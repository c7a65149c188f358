/**
 * What clients do while an update waits: nothing of that is lost, and nothing stops it.
 *
 * Method: an open transaction keeps an update from beginning. In the meantime clients do what they
 * like, and then the transaction ends.
 *
 * @module
 */
import type { Xenstore, XenstoreConnection } from "../harness/facets/xenstore.ts";
import { read, readOctets, request, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, demandAnswer, demandValue, prepared, shown } from "./xenstore_asking.ts";

const CONTROL = "Xen, docs/misc/xenstore.txt, CONTROL live-update";
const MIGRATION = "Xen, docs/designs/xenstore-migration.md";
const VALUE = "the value";

/** Who has the transaction that is in the way. */
function owner(xenstore: Xenstore): XenstoreConnection {
  return xenstore.socket("transactor");
}

/** Has `meanwhile` done while an update waits for a transaction, which is then ended. */
async function hold(xenstore: Xenstore, meanwhile: () => Promise<void>): Promise<void> {
  const client = owner(xenstore);
  await demand(client, write("/outside", VALUE));
  await demand(client, request("TRANSACTION_START", ""));
  await demand(client, write("/inside", VALUE), 1);
  xenstore.during("asked", async () => {
    await meanwhile();
    // The answer may be left to the new daemon.
    await client.post(request("TRANSACTION_END", "T"), 1);
  });
}

const ending = prepared("transaction-that-ends", (xenstore) => hold(xenstore, async () => {}));

const LATE = [1, 2, 3];

/** Some ask for more behind what has to wait. */
async function comeLate(xenstore: Xenstore): Promise<void> {
  for (const n of LATE) {
    const client = xenstore.socket(`late-${n}`);
    await client.post(request("TRANSACTION_START", ""));
    for (let more = 1; more < n; more++) await client.post(read("/outside"));
  }
  for (let round = 0; round < 2; round++) await demand(xenstore.socket("other"), read("/"));
}

async function connect(xenstore: Xenstore, names: readonly string[]): Promise<void> {
  for (const name of names) await demand(xenstore.socket(name), read("/"));
}

const late = prepared("transactions-begun-meanwhile", async (xenstore) => {
  await connect(
    xenstore,
    LATE.map((n) => `late-${n}`),
  );
  await hold(xenstore, () => comeLate(xenstore));
});

/** What was asked for meanwhile is answered, in whatever order, and the transactions are ones. */
async function checkLate(xenstore: Xenstore): Promise<void> {
  for (const n of LATE) {
    const client = xenstore.socket(`late-${n}`);
    const answers = [];
    for (let asked = 0; asked < n; asked++) answers.push(await client.answer());
    const [begun, ...others] = answers.toSorted((a, b) => a.reqId - b.reqId);
    check(begun?.error === null, `a transaction begun meanwhile is answered ${begun?.error}`);
    for (const { body } of others) {
      check(body === VALUE, `what was asked behind it is ${shown(body)}`);
    }
    const id = Number.parseInt(begun.body, 10);
    await demand(client, write(`/late/${n}`, VALUE), id);
    await demand(client, request("TRANSACTION_END", "T"), id);
    await demandValue(client, `/late/${n}`, VALUE);
  }
}

const HALF = 10;
const BEHIND = readOctets("/outside");

const behind = prepared("half-a-request-behind-the-update", (xenstore) =>
  hold(xenstore, () => xenstore.control.send(BEHIND.slice(0, HALF))),
);

const [CROWD, EACH] = [30, 20];

const busy = prepared("many-requests-meanwhile", async (xenstore) => {
  const names = Array.from({ length: CROWD }, (_, n) => `busy-${n}`);
  await connect(xenstore, names);
  await hold(xenstore, async () => {
    for (const name of names) await xenstore.socket(name).send(readOctets("/outside").repeat(EACH));
  });
});

export default suite("xenstore-updates", [
  scenario({
    name: "transaction/lets-the-update-go-when-it-ends",
    must: "An update is done when the transaction ends for which it waits, and what it wrote stays",
    source: `${CONTROL}: -t`,
    needs: ["xenstore"],
    preparation: ending,
    when: { load: "ending-transaction" },
    async after({ xenstore }) {
      await demandAnswer(owner(xenstore), "the end of the transaction");
      await demandValue(owner(xenstore), "/inside", VALUE);
    },
  }),

  scenario({
    name: "delayed/is-answered",
    must: "A transaction that is begun while an update waits begins before or after it, and works",
    source: `${MIGRATION}, CONNECTION_DATA: in-data; commit c0fe360f42`,
    needs: ["xenstore"],
    preparation: late,
    when: { load: "late-transactions" },
    after: ({ xenstore }) => checkLate(xenstore),
  }),

  scenario({
    name: "delayed/is-answered-when-forced",
    must: "A forced update breaks no transaction that was begun while it waited",
    source: `${MIGRATION}, CONNECTION_DATA: in-data; commit c8be420025`,
    needs: ["xenstore"],
    preparation: late,
    when: { load: "late-transactions", forced: "yes" },
    after: ({ xenstore }) => checkLate(xenstore),
  }),

  scenario({
    name: "request/behind-the-update-is-completed",
    must: "Half a request behind the one for the update is answered when its rest comes",
    source: `${MIGRATION}, CONNECTION_DATA: in-data; commit 65f19ed62a`,
    needs: ["xenstore"],
    preparation: behind,
    when: { load: "half-behind" },
    async after({ xenstore }) {
      await xenstore.control.send(BEHIND.slice(HALF));
      const is = await demandAnswer(xenstore.control, "the request behind the update");
      check(is === VALUE, `the request behind the update has ${shown(is)}`);
    },
  }),

  scenario({
    name: "requests/in-flight-are-answered",
    must: "Each of many requests that come while an update waits is answered once, in order",
    source: `${MIGRATION}, CONNECTION_DATA; commit 09e2cd6995`,
    needs: ["xenstore"],
    preparation: busy,
    when: { load: "busy" },
    async after({ xenstore }) {
      for (let n = 0; n < CROWD; n++) {
        const client = xenstore.socket(`busy-${n}`);
        for (let one = 0; one < EACH; one++) {
          const is = await demandAnswer(client, `request ${one} of client ${n}`);
          check(is === VALUE, `request ${one} of client ${n} has ${shown(is)}`);
        }
      }
    },
  }),
]);
