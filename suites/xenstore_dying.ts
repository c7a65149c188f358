/**
 * Domains that die about the time of a live update: whoever waits for their end hears of it once,
 * and nobody who comes later inherits from them.
 *
 * Method: a domain's page goes and the event of its end is raised, before an update, while one
 * waits, or between the old daemon and the new one.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { read, request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, demandAnswer, demandValue, prepared, shown } from "./xenstore_asking.ts";

const SPEC = "Xen, docs/misc/xenstore.txt";
const MIGRATION = "Xen, docs/designs/xenstore-migration.md";
const VALUE = "the value";

const DYING = 7;
const LIVING = 5;
/** A domain that never was. */
const NOBODY = 9;

/** A domain with a right, a node and a watch, and somebody who waits for its end. */
async function introduce(xenstore: Xenstore): Promise<void> {
  const privileged = toolstack(xenstore);
  await demand(xenstore.domain(LIVING), request("GET_DOMAIN_PATH", "0"));
  await demand(xenstore.domain(DYING), request("GET_DOMAIN_PATH", "0"));
  await demand(privileged, write("/shared", VALUE));
  await demand(privileged, request("SET_PERMS", "/shared", "n0", `b${DYING}`, `r${LIVING}`));
  await demand(privileged, write("/owned", VALUE));
  await demand(privileged, request("SET_PERMS", "/owned", `n${DYING}`));
  await demand(xenstore.domain(DYING), watch("/shared", "token"));
  await demandValue(xenstore.domain(DYING), "/shared", VALUE);
  await demand(privileged, watch("@releaseDomain", "went"));
  await privileged.events();
}

function toolstack(xenstore: Xenstore) {
  return xenstore.socket("toolstack");
}

/** By these answers the daemon has seen what was raised. */
async function settled(xenstore: Xenstore): Promise<void> {
  for (let round = 0; round < 3; round++) await demand(xenstore.socket("other"), read("/"));
}

const dead = prepared("domain-that-died", async (xenstore) => {
  await introduce(xenstore);
  xenstore.destroyDomain(DYING);
  await settled(xenstore);
  await toolstack(xenstore).events();
});

const dyingMeanwhile = prepared("domain-that-dies-meanwhile", async (xenstore) => {
  await introduce(xenstore);
  const owner = xenstore.socket("transactor");
  await demand(owner, request("TRANSACTION_START", ""));
  xenstore.during("asked", async () => {
    xenstore.destroyDomain(DYING);
    await settled(xenstore);
    await owner.post(request("TRANSACTION_END", "T"), 1);
  });
});

const dyingBetween = prepared("domain-that-dies-between", async (xenstore) => {
  await introduce(xenstore);
  xenstore.during("between", () => xenstore.destroyDomain(DYING));
});

/** The end is told once, and the domain is not known any more. */
async function checkGone(xenstore: Xenstore): Promise<void> {
  await settled(xenstore);
  const events = await toolstack(xenstore).events();
  const seen = events.map(({ path, token }) => `${path} ${token}`).join();
  check(seen === "@releaseDomain went", `events are ${shown(seen)}`);
  const known = await demand(toolstack(xenstore), request("IS_DOMAIN_INTRODUCED", `${DYING}`));
  check(known === "F\0", "the domain is introduced");
}

/** Nobody else lost anything, and the number can be given to another domain. */
async function checkOthers(xenstore: Xenstore): Promise<void> {
  await demandValue(xenstore.domain(LIVING), "/shared", VALUE);
  await demand(xenstore.domain(DYING), request("GET_DOMAIN_PATH", "0"));
}

export default suite("xenstore-dying", [
  // This one comes first, as the others have the number given to another domain.
  scenario({
    name: "dead/stays-dead",
    must: "A domain that died before the update is not introduced after it, nor told of again",
    source: `${SPEC}, @releaseDomain`,
    needs: ["xenstore"],
    preparation: dead,
    when: { load: "dead-domain" },
    before: () => 0,
    async after({ xenstore }, hops) {
      const client = toolstack(xenstore);
      const told = (await client.events()).filter(({ path }) => path === "@releaseDomain");
      check(told.length === 0, "its end is told of again");
      for (const domid of hops === 0 ? [DYING, NOBODY] : [NOBODY]) {
        const known = await demand(client, request("IS_DOMAIN_INTRODUCED", `${domid}`));
        check(known === "F\0", `domain ${domid} is introduced`);
      }
      return hops + 1;
    },
  }),

  scenario({
    name: "dead/leaves-no-rights",
    must: "A domain that gets the number of a dead one after the update has none of its rights",
    source: `${MIGRATION}, NODE_DATA: flags of permissions; XSA-322`,
    needs: ["xenstore"],
    preparation: dead,
    when: { load: "dead-domain" },
    async after({ xenstore }) {
      for (const asked of [read("/shared"), write("/shared", "stolen"), read("/owned")]) {
        const { error } = await xenstore.domain(DYING).ask(asked);
        // What was the dead one's own may have gone with it.
        const denied = error === "EACCES" || error === "ENOENT";
        check(denied, `${asked.kind} ${shown(asked.body)} is answered ${error ?? "OK"}`);
      }
    },
  }),

  scenario({
    name: "dead/takes-nothing-from-others",
    must: "Rights of the living on a node are kept that a dead domain had a right on",
    source: `${MIGRATION}, NODE_DATA: flags of permissions`,
    needs: ["xenstore"],
    preparation: dead,
    when: { load: "dead-domain" },
    after: ({ xenstore }) => demandValue(xenstore.domain(LIVING), "/shared", VALUE),
  }),

  scenario({
    name: "dying/is-told-of-once",
    must: "The end of a domain while an update waits is told of once",
    source: `${SPEC}, @releaseDomain; commit 98f60e5de0`,
    needs: ["xenstore"],
    preparation: dyingMeanwhile,
    when: { load: "dying-domain" },
    async after({ xenstore }) {
      await demandAnswer(xenstore.socket("transactor"), "the end of the transaction");
      await checkGone(xenstore);
    },
  }),

  scenario({
    name: "dying/takes-nothing-along",
    must: "A domain that dies while an update waits takes nothing of others along",
    source: `${MIGRATION}, CONNECTION_DATA: shared ring; commit 939775cfd3`,
    needs: ["xenstore"],
    preparation: dyingMeanwhile,
    when: { load: "dying-domain" },
    after: ({ xenstore }) => checkOthers(xenstore),
  }),

  scenario({
    name: "vanished/is-told-of-once",
    must: "The end of a domain between the two daemons is told of once, by the new one",
    source: `${MIGRATION}, CONNECTION_DATA: a grant may be revoked; commit 98f60e5de0`,
    needs: ["xenstore"],
    preparation: dyingBetween,
    when: { load: "vanished-domain" },
    after: ({ xenstore }) => checkGone(xenstore),
  }),

  scenario({
    name: "vanished/takes-nothing-along",
    must: "A domain that dies between the two daemons costs nothing but itself",
    source: `${MIGRATION}, CONNECTION_DATA: a grant may be revoked; commit 49dd52fb13`,
    needs: ["xenstore"],
    preparation: dyingBetween,
    when: { load: "vanished-domain" },
    after: ({ xenstore }) => checkOthers(xenstore),
  }),
]);
