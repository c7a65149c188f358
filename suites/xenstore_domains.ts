/**
 * Domains and their limits across a live update.
 *
 * Method: domains are introduced and one of them is brought to its limits before the first save;
 * after each restore it is asked whether it may have one more.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { read, request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, demandValue, prepared, shown } from "./xenstore_asking.ts";

const SPEC = "Xen, docs/misc/xenstore.txt";
const QUOTAS = "Xen, docs/misc/xenstore.txt, Quota; XSA-326";

/** The domain that is at its limits, one that is known and one that was released. */
const [GREEDY, KNOWN, RELEASED] = [8, 5, 6] as const;
const HOME = `/local/domain/${GREEDY}`;
/** Beyond every default limit of watches and of nodes. */
const [WATCHES_MAX, NODES_MAX] = [200, 1100] as const;

const crowded = prepared("a-domain-at-its-limits", async (xenstore) => {
  const privileged = toolstack(xenstore);
  for (const domid of [GREEDY, KNOWN, RELEASED]) {
    await xenstore.domain(domid).ask(request("GET_DOMAIN_PATH", "0"));
  }
  await demand(privileged, request("RELEASE", String(RELEASED)));
  await demand(privileged, write(HOME, ""));
  await demand(privileged, request("SET_PERMS", HOME, `n${GREEDY}`));
  const domain = xenstore.domain(GREEDY);
  const watches = await count(WATCHES_MAX, (n) => domain.ask(watch(`w${n}`, "")));
  check(watches < WATCHES_MAX, "a domain has no limit of watches");
  // A directory of its own for each few, as the list of children counts too.
  const nodes = await count(NODES_MAX, (n) => domain.ask(write(`${Math.floor(n / 50)}/${n}`, "")));
  check(nodes < NODES_MAX, "a domain has no limit of nodes");
});

function toolstack(xenstore: Xenstore) {
  return xenstore.socket("toolstack");
}

/** How often `ask` is answered without an error, up to `max`. */
async function count(
  max: number,
  ask: (n: number) => Promise<{ readonly error: string | null }>,
): Promise<number> {
  for (let n = 0; n < max; n++) {
    if ((await ask(n)).error !== null) return n;
  }
  return max;
}

async function introduced(xenstore: Xenstore, domid: number): Promise<string> {
  return await demand(toolstack(xenstore), request("IS_DOMAIN_INTRODUCED", String(domid)));
}

const STRANGE = "/of-a-stranger";

/** A domain that runs, that is not introduced, and that owns a node. */
const owned = prepared("a-node-of-a-domain-that-is-not-introduced", async (xenstore) => {
  const privileged = toolstack(xenstore);
  await xenstore.domain(RELEASED).ask(request("GET_DOMAIN_PATH", "0"));
  await demand(privileged, request("RELEASE", String(RELEASED)));
  await demand(privileged, write(STRANGE, "kept"));
  await demand(privileged, request("SET_PERMS", STRANGE, `n${RELEASED}`));
});

const common = { needs: ["xenstore"], preparation: crowded } as const;

export default suite("xenstore-domains", [
  scenario({
    ...common,
    name: "introduced/stay-introduced",
    must: "A domain that was introduced before the update is introduced after it",
    source: `${SPEC}, IS_DOMAIN_INTRODUCED`,
    async after({ xenstore }) {
      check((await introduced(xenstore, KNOWN)) === "T\0", `domain ${KNOWN} is not introduced`);
    },
  }),

  scenario({
    ...common,
    name: "released/stay-released",
    must: "A domain that was released before the update is not introduced after it",
    source: `${SPEC}, RELEASE`,
    async after({ xenstore }) {
      check((await introduced(xenstore, RELEASED)) === "F\0", `domain ${RELEASED} is introduced`);
    },
  }),

  scenario({
    ...common,
    name: "rings/go-on",
    must: "A domain is answered by its ring after the update",
    source: "Xen, docs/designs/xenstore-migration.md, CONNECTION_DATA: shared ring",
    async after({ xenstore }) {
      const path = await demand(xenstore.domain(KNOWN), request("GET_DOMAIN_PATH", String(KNOWN)));
      check(path === `/local/domain/${KNOWN}\0`, `its path is ${path}`);
    },
  }),

  scenario({
    ...common,
    name: "rings/have-no-more-rights",
    must: "A domain has no more rights after the update than a domain has",
    source: `${SPEC}, INTRODUCE`,
    async after({ xenstore }) {
      const domain = xenstore.domain(KNOWN);
      const asked = [request("INTRODUCE", "9", "1", "9"), read("/tool"), write("/stolen", "")];
      for (const one of asked) {
        const { error } = await domain.ask(one);
        check(error === "EACCES", `${one.kind} is answered ${error ?? "OK"}`);
      }
    },
  }),

  scenario({
    ...common,
    name: "quota/counts-kept-watches",
    must: "A domain at its limit of watches is there still: one more is refused, one less is not",
    source: QUOTAS,
    async after({ xenstore }) {
      const domain = xenstore.domain(GREEDY);
      const { error } = await domain.ask(watch("more", ""));
      check(error !== null, "one more watch than before the update was allowed");
      await demand(domain, request("UNWATCH", "w0", ""));
      await demand(domain, watch("w0", ""));
    },
  }),

  scenario({
    ...common,
    name: "quota/counts-kept-nodes",
    must: "A domain at its limit of nodes is there still: one more is refused, one less is not",
    source: QUOTAS,
    async after({ xenstore }) {
      const domain = xenstore.domain(GREEDY);
      const { error } = await domain.ask(write("more", ""));
      check(error !== null, "one more node than before the update was allowed");
      await demand(domain, request("RM", "0/1"));
      await demand(domain, write("0/1", ""));
    },
  }),

  scenario({
    needs: ["xenstore"],
    preparation: owned,
    when: { load: "strange-owner" },
    name: "strangers/keep-their-nodes",
    must: "A node of a domain that is not introduced is there after the update, with its owner",
    source: "Xen, docs/designs/xenstore-migration.md, NODE_DATA: perm",
    async after({ xenstore }) {
      await demandValue(toolstack(xenstore), STRANGE, "kept");
      const perms = await demand(toolstack(xenstore), request("GET_PERMS", STRANGE));
      check(perms === `n${RELEASED}\0`, `its permissions are ${shown(perms)}`);
    },
  }),
]);
