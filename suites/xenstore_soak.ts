/**
 * What a daemon that is updated thousands of times must still have: its store, its clients by
 * socket and by ring, and their watches. Not part of the grid; see `freezethaw soak`.
 *
 * Method: a small store and a watch of each client before the first update; at each look every
 * node is read, and one is changed under the eyes of both.
 *
 * @module
 */
import type { WatchEvent, Xenstore } from "../harness/facets/xenstore.ts";
import { read, request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, type Scenario, scenario } from "../harness/mod.ts";
import { demand, prepared, shown } from "./xenstore_asking.ts";

/** Domain whose client speaks by its ring. */
const DOMID = 5;
const WATCHED = `/local/domain/${DOMID}/watched`;
/** Enough for folders in folders and a state that takes more than one page. */
const NODES = 100;

const settled = prepared("small-store", async (xenstore) => {
  const { client, domain } = clients(xenstore);
  await demand(domain, request("GET_DOMAIN_PATH", String(DOMID)));
  for (let n = 0; n < NODES; n++) await demand(client, write(pathAt(n), valueAt(n)));
  await demand(client, write(WATCHED, ""));
  await demand(client, request("SET_PERMS", WATCHED, `n${DOMID}`));
  for (const watcher of [client, domain]) {
    await demand(watcher, watch(WATCHED, "token"));
    await watcher.events();
  }
});

function clients(xenstore: Xenstore) {
  return { client: xenstore.socket("soaked"), domain: xenstore.domain(DOMID) };
}

function pathAt(n: number): string {
  return `/soaked/${n % 10}/node-${n}`;
}

function valueAt(n: number): string {
  return `value ${n} `.repeat(1 + (n % 5));
}

function checkOne(who: string, events: readonly WatchEvent[]): void {
  const text = events.map(({ path, token }) => shown(`${path} ${token}`)).join(", ");
  check(text === shown(`${WATCHED} token`), `the ${who} has events ${text || "none"}`);
}

export const xenstoreSoak: Scenario = scenario({
  name: "soak/keeps-everything",
  must: "After any number of updates the store, the clients and their watches are as they were",
  source: "Xen, docs/designs/xenstore-migration.md",
  needs: ["xenstore"],
  preparation: settled,
  async after({ xenstore }) {
    const { client, domain } = clients(xenstore);
    for (let n = 0; n < NODES; n++) {
      const is = await demand(client, read(pathAt(n)));
      check(is === valueAt(n), `${pathAt(n)} is ${shown(is)}`);
    }
    await demand(client, write(WATCHED, "changed"));
    checkOne("socket", await client.events());
    checkOne("ring", await domain.events());
  },
});
