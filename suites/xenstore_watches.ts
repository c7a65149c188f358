/**
 * Watches across a live update: they fire as before, once, with path and token as they were given,
 * and the update itself is no event.
 *
 * Method: watches of every kind are set before the first save, by a socket and by a domain's ring;
 * after each restore nodes change, and the events that have come are compared.
 *
 * @module
 */
import type { WatchEvent, Xenstore } from "../harness/facets/xenstore.ts";
import { request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, prepared, shown } from "./xenstore_asking.ts";

const SPEC = "Xen, docs/misc/xenstore.txt, WATCH";
const MIGRATION = "Xen, docs/designs/xenstore-migration.md, WATCH_DATA";

/** Spaces and signs, as clients choose tokens freely. */
const TOKEN = "a token: with 'signs' & spaces";
/** Domain whose client watches by its ring. */
const DOMID = 5;
const HOME = `/local/domain/${DOMID}`;
/** First of the domains that come and go in the eyes of special watches, one for each hop. */
const PASSING_DOMID = 20;

const set = prepared("watches-of-every-kind", async (xenstore) => {
  const { ordinary, special, changer } = clients(xenstore);
  await demand(changer, write("/watched/node", ""));
  await demand(ordinary, watch("/watched", TOKEN));
  await demand(ordinary, watch("/watched/not/there", "missing"));
  await demand(ordinary, watch("/watched", "ended"));
  await demand(ordinary, request("UNWATCH", "/watched", "ended"));
  await demand(special, watch("@introduceDomain", "came"));
  await demand(special, watch("@releaseDomain", "went"));
  const domain = xenstore.domain(DOMID);
  await domain.ask(request("GET_DOMAIN_PATH", "0"));
  await demand(changer, write(`${HOME}/device/vbd`, ""));
  await demand(changer, request("SET_PERMS", `${HOME}/device`, `n${DOMID}`));
  await demand(changer, request("SET_PERMS", `${HOME}/device/vbd`, `n${DOMID}`));
  await demand(domain, watch("device/vbd", "relative"));
  // Each watch has an event at once, and the domain is one that came.
  for (const client of [ordinary, special, domain]) await client.events();
});

function clients(xenstore: Xenstore) {
  return {
    ordinary: xenstore.socket("watcher"),
    special: xenstore.socket("special-watcher"),
    changer: xenstore.socket("changer"),
  };
}

function checkEvents(are: readonly WatchEvent[], expected: readonly (readonly string[])[]): void {
  const text = are.map(({ path, token }) => shown(`${path} ${token}`)).join(", ");
  const wanted = expected.map(([path, token]) => shown(`${path} ${token}`)).join(", ");
  check(text === wanted, `events are ${text || "none"}, not ${wanted || "none"}`);
}

const common = { needs: ["xenstore"], preparation: set } as const;

export default suite("xenstore-watches", [
  scenario({
    ...common,
    name: "update/is-no-event",
    must: "An update by itself makes no watch fire",
    source: MIGRATION,
    async after({ xenstore }) {
      const { ordinary, special } = clients(xenstore);
      checkEvents(await ordinary.events(), []);
      checkEvents(await special.events(), []);
      checkEvents(await xenstore.domain(DOMID).events(), []);
    },
  }),

  scenario({
    ...common,
    name: "watch/fires-once",
    must: "A node that changes after the update makes each watch on it fire once",
    source: SPEC,
    async after({ xenstore }) {
      const { ordinary, changer } = clients(xenstore);
      await demand(changer, write("/watched/node", "changed"));
      checkEvents(await ordinary.events(), [["/watched/node", TOKEN]]);
    },
  }),

  scenario({
    ...common,
    name: "watch/waits-for-what-is-not-there",
    must: "A watch on a node that does not exist is kept and fires when the node is made",
    source: SPEC,
    async after({ xenstore }) {
      const { ordinary, changer } = clients(xenstore);
      await demand(changer, write("/watched/not/there", ""));
      const events = await ordinary.events();
      const tokens = events.filter(({ path }) => path === "/watched/not/there");
      const found = tokens.map(({ token }) => token).sort();
      check(
        found.join() === [TOKEN, "missing"].sort().join(),
        `the new node has events for ${found.map(shown).join(", ") || "nobody"}`,
      );
      await demand(changer, request("RM", "/watched/not"));
      await ordinary.events();
    },
  }),

  scenario({
    ...common,
    name: "watch/is-known-as-set",
    must: "A watch that is set again after the update is refused, as it is there already",
    source: `${SPEC}: EEXIST`,
    async after({ xenstore }) {
      const { ordinary } = clients(xenstore);
      const { error } = await ordinary.ask(watch("/watched", TOKEN));
      check(error === "EEXIST", `setting it again is answered ${error ?? "OK"}`);
    },
  }),

  scenario({
    ...common,
    name: "watch/can-be-ended",
    must: "A watch that was set before the update can be ended after it, and set anew",
    source: "Xen, docs/misc/xenstore.txt, UNWATCH",
    async after({ xenstore }) {
      const { ordinary, changer } = clients(xenstore);
      await demand(ordinary, request("UNWATCH", "/watched", TOKEN));
      await demand(changer, write("/watched/node", "unseen"));
      checkEvents(await ordinary.events(), []);
      await demand(ordinary, watch("/watched", TOKEN));
      checkEvents(await ordinary.events(), [["/watched", TOKEN]]);
    },
  }),

  scenario({
    ...common,
    name: "relative/fires-with-its-relative-path",
    must: "A domain's watch on a relative path fires with that path",
    source: `${SPEC}: relative paths`,
    async after({ xenstore }) {
      await demand(clients(xenstore).changer, write(`${HOME}/device/vbd`, "changed"));
      checkEvents(await xenstore.domain(DOMID).events(), [["device/vbd", "relative"]]);
    },
  }),

  scenario({
    ...common,
    name: "special/tells-of-domains-that-come",
    must: "A watch on @introduceDomain fires when a domain is introduced after the update",
    source: `${SPEC}, @introduceDomain`,
    before: () => 0,
    async after({ xenstore }, hops) {
      const { special } = clients(xenstore);
      await xenstore.domain(PASSING_DOMID + hops).ask(request("GET_DOMAIN_PATH", "0"));
      checkEvents(await special.events(), [["@introduceDomain", "came"]]);
      return hops + 1;
    },
  }),

  scenario({
    ...common,
    name: "special/tells-of-domains-that-go",
    must: "A watch on @releaseDomain fires when a domain is released after the update",
    source: `${SPEC}, @releaseDomain`,
    before: () => 0,
    async after({ xenstore }, hops) {
      const { special, changer } = clients(xenstore);
      const domid = PASSING_DOMID + 10 + hops;
      await xenstore.domain(domid).ask(request("GET_DOMAIN_PATH", "0"));
      await special.events();
      await demand(changer, request("RELEASE", String(domid)));
      checkEvents(await special.events(), [["@releaseDomain", "went"]]);
      return hops + 1;
    },
  }),
]);
