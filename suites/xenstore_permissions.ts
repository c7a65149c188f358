/**
 * Who may do what, across a live update: owners, lists and defaults of nodes are kept, and what is
 * refused before is refused afterwards.
 *
 * Method: nodes with lists of every kind for two domains, which ask by their rings.
 *
 * @module
 */
import type { Xenstore, XenstoreRequest } from "../harness/facets/xenstore.ts";
import { read, request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, prepared, shown } from "./xenstore_asking.ts";

const SPEC = "Xen, docs/misc/xenstore.txt, Permissions";
const MIGRATION = "Xen, docs/designs/xenstore-migration.md, NODE_DATA: node permission specifier";

const OWNER = 5;
const OTHER = 6;
/** First of the domains that come after an update, one for each hop. */
const PASSING_DOMID = 20;

/** Lists: the owner with everybody's right, then rights of others. */
const LISTS: readonly (readonly [path: string, ...list: string[]])[] = [
  ["/permissions/private", `n${OWNER}`],
  ["/permissions/readable", `n${OWNER}`, `r${OTHER}`],
  ["/permissions/writable", `n${OWNER}`, `w${OTHER}`],
  ["/permissions/both", `n${OWNER}`, `b${OTHER}`],
  ["/permissions/for-all", `r${OWNER}`],
  ["/permissions/of-many", "n0", `r${OWNER}`, `w${OTHER}`],
];

const given = prepared("permissions-of-every-kind", async (xenstore) => {
  const privileged = owner(xenstore);
  for (const domid of [OWNER, OTHER]) {
    await xenstore.domain(domid).ask(request("GET_DOMAIN_PATH", "0"));
  }
  for (const [path, ...list] of LISTS) {
    await demand(privileged, write(path, "value"));
    await demand(privileged, request("SET_PERMS", path, ...list));
  }
  for (const special of ["@introduceDomain", "@releaseDomain"]) {
    await demand(privileged, request("SET_PERMS", special, "n0", `r${OTHER}`));
  }
  for (const domid of [OWNER, OTHER]) {
    await demand(xenstore.domain(domid), watch("@introduceDomain", "came"));
    await demand(xenstore.domain(domid), watch("@releaseDomain", "went"));
    await xenstore.domain(domid).events();
  }
});

function owner(xenstore: Xenstore) {
  return xenstore.socket("permissions");
}

async function listOf(xenstore: Xenstore, path: string): Promise<string> {
  const body = await demand(owner(xenstore), request("GET_PERMS", path));
  return body.replace(/\0$/, "").split("\0").join(" ");
}

/** What a domain is answered: `OK` or the error. */
async function answered(xenstore: Xenstore, domid: number, asked: XenstoreRequest) {
  return (await xenstore.domain(domid).ask(asked)).error ?? "OK";
}

const common = { needs: ["xenstore"], preparation: given } as const;

export default suite("xenstore-permissions", [
  scenario({
    ...common,
    name: "lists/are-kept",
    must: "Each node has the owner and the list of permissions that it had before the update",
    source: MIGRATION,
    async after({ xenstore }) {
      for (const [path, ...list] of LISTS) {
        const is = await listOf(xenstore, path);
        check(is === list.join(" "), `${path} had ${list.join(" ")}, has ${is}`);
      }
    },
  }),

  scenario({
    ...common,
    name: "rights/are-still-granted",
    must: "A domain may after the update what it was given before",
    source: SPEC,
    async after({ xenstore }) {
      const asked: readonly (readonly [number, XenstoreRequest])[] = [
        [OWNER, read("/permissions/private")],
        [OTHER, read("/permissions/readable")],
        [OTHER, write("/permissions/writable", "value")],
        [OTHER, read("/permissions/both")],
        [OTHER, read("/permissions/for-all")],
      ];
      for (const [domid, one] of asked) {
        const answer = await answered(xenstore, domid, one);
        check(answer === "OK", `${one.kind} ${shown(one.body)} of ${domid} is answered ${answer}`);
      }
    },
  }),

  scenario({
    ...common,
    name: "rights/are-still-denied",
    must: "A domain may not after the update what it might not before",
    source: SPEC,
    async after({ xenstore }) {
      const asked = [
        read("/permissions/private"),
        write("/permissions/readable", "stolen"),
        read("/permissions/writable"),
        write("/permissions/for-all", "stolen"),
        request("SET_PERMS", "/permissions/both", `n${OTHER}`),
      ];
      for (const one of asked) {
        const answer = await answered(xenstore, OTHER, one);
        check(answer !== "OK", `${one.kind} ${shown(one.body)} of ${OTHER} is answered OK`);
      }
    },
  }),

  scenario({
    ...common,
    name: "children/inherit",
    must: "A node that is made after the update has the permissions of its parent",
    source: `${SPEC}: children inherit`,
    async after({ xenstore }) {
      const path = "/permissions/readable/child";
      await demand(owner(xenstore), write(path, ""));
      const is = await listOf(xenstore, path);
      await demand(owner(xenstore), request("RM", path));
      check(is === `n${OWNER} r${OTHER}`, `the child has ${is}`);
    },
  }),

  scenario({
    ...common,
    name: "special/tell-whom-they-may",
    must: "A domain with a right on a special node hears of it after the update, others do not",
    source: `${SPEC}; XSA-115; commit 7e71b1e0af`,
    before: () => 0,
    async after({ xenstore }, hops) {
      const domid = PASSING_DOMID + hops;
      await xenstore.domain(domid).ask(request("GET_DOMAIN_PATH", "0"));
      await demand(owner(xenstore), request("RELEASE", String(domid)));
      const heard = (await xenstore.domain(OTHER).events()).map(({ token }) => token);
      const leaked = (await xenstore.domain(OWNER).events()).length;
      check(heard.join() === "came,went", `the domain with the right has events ${heard.join()}`);
      check(leaked === 0, `the domain without it has ${leaked} events`);
      return hops + 1;
    },
  }),
]);
