/**
 * Updates that come to nothing: the daemon goes on as if nobody had asked.
 *
 * Method: an update is called off while it waits, or goes into a program that does not run; then a
 * second one is done.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { read, request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, demandValue, prepared, shown } from "./xenstore_asking.ts";

const CONTROL = "Xen, docs/misc/xenstore.txt, CONTROL live-update";
const VALUE = "the value";

/** Who has the transaction that is in the way. */
function owner(xenstore: Xenstore) {
  return xenstore.socket("transactor");
}

/** What the client of an update that came to nothing was told. */
const told = new WeakMap<Xenstore, string>();

async function askForUpdate(xenstore: Xenstore, program: string, patience: number) {
  const client = xenstore.socket("hasty");
  const chosen = await client.ask(request("CONTROL", "live-update", "-f", program));
  if (chosen.error !== null || !/^OK\0?$/.test(chosen.body)) {
    told.set(xenstore, chosen.error ?? chosen.body);
    return false;
  }
  await client.post(request("CONTROL", "live-update", "-s", "-t", String(patience)));
  return true;
}

const cancelled = prepared("update-that-was-called-off", async (xenstore) => {
  const client = owner(xenstore);
  await demand(client, write("/outside", VALUE));
  await demand(client, request("TRANSACTION_START", ""));
  await demand(client, write("/inside", VALUE), 1);
  const other = xenstore.socket("other");
  await demand(other, watch("/outside", "kept"));
  await other.events();
  if (await askForUpdate(xenstore, xenstore.programs.fit, 60)) {
    for (let round = 0; round < 2; round++) await demand(other, read("/"));
    await demand(other, request("CONTROL", "live-update", "-a"));
    const { error, body } = await xenstore.socket("hasty").answer();
    told.set(xenstore, error ?? body);
  }
  await demand(client, request("TRANSACTION_END", "T"), 1);
});

const failed = prepared("update-into-what-does-not-run", async (xenstore) => {
  const client = owner(xenstore);
  await demand(client, write("/outside", VALUE));
  await demand(client, watch("/outside", "kept"));
  await client.events();
  if (await askForUpdate(xenstore, xenstore.programs.unfit, 1)) {
    const { error, body } = await xenstore.socket("hasty").answer();
    told.set(xenstore, error ?? body);
  }
});

/** Store, watches and the client of the lost update are as they were. */
async function checkAsBefore(xenstore: Xenstore, watcher: string): Promise<void> {
  await demandValue(xenstore.socket("hasty"), "/outside", VALUE);
  await demand(xenstore.socket("newcomer"), write("/outside", VALUE));
  const events = await xenstore.socket(watcher).events();
  const seen = events.map(({ path, token }) => `${path} ${token}`).join();
  check(seen === "/outside kept", `events are ${shown(seen)}`);
}

export default suite("xenstore-attempts", [
  scenario({
    name: "cancelled/says-so",
    must: "A client whose update another one calls off is told so, and may ask again",
    source: `${CONTROL}: -a; commit 90bafdba8e`,
    needs: ["xenstore"],
    preparation: cancelled,
    when: { load: "cancelled" },
    after({ xenstore }) {
      const text = told.get(xenstore) ?? "";
      check(/cancel/i.test(text), `its client is told ${shown(text)}`);
    },
  }),

  scenario({
    name: "cancelled/changes-nothing",
    must: "After an update that was called off everything goes on, and the next one is done",
    source: `${CONTROL}: -a; commit 90bafdba8e`,
    needs: ["xenstore"],
    preparation: cancelled,
    when: { load: "cancelled" },
    async after({ xenstore }) {
      await demandValue(owner(xenstore), "/inside", VALUE);
      await checkAsBefore(xenstore, "other");
    },
  }),

  scenario({
    name: "failed/says-why",
    must: "A client whose update cannot be done is told why",
    source: `${CONTROL}: -s; commit 604551fb76`,
    needs: ["xenstore"],
    preparation: failed,
    when: { load: "failed-update" },
    after({ xenstore }) {
      const text = (told.get(xenstore) ?? "").replace(/\0$/, "");
      check(!/^(OK|BUSY)?$/.test(text), `its client is told ${shown(text)}`);
    },
  }),

  scenario({
    name: "failed/changes-nothing",
    must: "After an update that could not be done everything goes on, and the next one is done",
    source: `${CONTROL}; tools/xenstored/lu.c, lu_start()`,
    needs: ["xenstore"],
    preparation: failed,
    when: { load: "failed-update" },
    after: ({ xenstore }) => checkAsBefore(xenstore, "transactor"),
  }),
]);
