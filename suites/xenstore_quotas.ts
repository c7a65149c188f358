/**
 * Limits of domains that are not the usual ones, and what is said at a limit.
 *
 * Method: the toolstack changes a limit, or a domain goes to one and is counted; after each restore
 * it is counted again.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, prepared } from "./xenstore_asking.ts";

const QUOTAS = "Xen, docs/misc/xenstore.txt, Quota";
const MIGRATION = "Xen, docs/designs/xenstore-migration.md";

const DOMID = 8;
const HOME = `/local/domain/${DOMID}`;
const WATCHES_MAX = 400;
/** What the toolstack sets; both programs have a limit between these two. */
const [FEW, MANY] = [20, 300] as const;
/** Transactions that a domain may have, by the manuals of both programs. */
const TRANSACTIONS = 10;
/** More than any limit of nodes. */
const OFTEN = 1100;
/** xen/include/public/io/xs_wire.h, xsd_errors. */
const ERRORS = new Set([
  ...["EINVAL", "EACCES", "EEXIST", "EISDIR", "ENOENT", "ENOMEM", "ENOSPC", "EIO", "ENOTEMPTY"],
  ...["ENOSYS", "EROFS", "EBUSY", "EAGAIN", "EISCONN", "E2BIG", "EPERM"],
]);

const taken = new WeakMap<Xenstore, number>();

function setWatches(xenstore: Xenstore): Promise<number> {
  return count(WATCHES_MAX, (n) => xenstore.domain(DOMID).ask(watch(`w${n}`, "")));
}

/** How often `ask` is answered without an error, up to `max`. */
async function count(
  max: number,
  ask: (n: number) => Promise<{ readonly error: string | null }>,
): Promise<number> {
  for (let n = 0; n < max; n++) if ((await ask(n)).error !== null) return n;
  return max;
}

/** A daemon whose limits cannot be set stays with its own. */
function limited(name: string, limit: number) {
  return prepared(name, async (xenstore) => {
    await xenstore.control.ask(request("CONTROL", "quota", "set", "watches", String(limit)));
    taken.set(xenstore, await setWatches(xenstore));
  });
}

const few = limited("limit-below-the-usual-one", FEW);
const many = limited("limit-above-the-usual-one", MANY);

const remade = prepared("node-that-is-made-again", async (xenstore) => {
  const domain = xenstore.domain(DOMID);
  const privileged = xenstore.socket("toolstack");
  await demand(privileged, write(HOME, ""));
  await demand(privileged, request("SET_PERMS", HOME, `n${DOMID}`));
  await demand(domain, request("MKDIR", "made"));
  for (let n = 0; n < OFTEN; n++) await demand(domain, request("MKDIR", "made"));
});

async function openTransactions(xenstore: Xenstore): Promise<number> {
  const domain = xenstore.domain(DOMID);
  const ids: number[] = [];
  for (; ids.length <= 2 * TRANSACTIONS; ) {
    const { error, body } = await domain.ask(request("TRANSACTION_START", ""));
    if (error !== null) break;
    ids.push(Number.parseInt(body, 10));
  }
  for (const id of ids) await demand(domain, request("TRANSACTION_END", "F"), id);
  return ids.length;
}

const counted = prepared("transactions-that-were-counted", async (xenstore) => {
  taken.set(xenstore, await openTransactions(xenstore));
});

const common = { needs: ["xenstore"] } as const;

export default suite("xenstore-quotas", [
  scenario({
    ...common,
    name: "set/stays-set",
    must: "A limit that the toolstack has set is the limit after the update",
    source: `${MIGRATION}, GLOBAL_QUOTA_DATA`,
    preparation: few,
    when: { load: "low-quota" },
    async after({ xenstore }) {
      const { error } = await xenstore.domain(DOMID).ask(watch("more", ""));
      check(error !== null, `with ${taken.get(xenstore)} watches one more was allowed`);
    },
  }),

  scenario({
    ...common,
    name: "usage/above-the-limit-is-kept",
    must: "What a domain has is kept by a daemon that would not let it have so much",
    source: `${MIGRATION}, WATCH_DATA`,
    preparation: many,
    when: { load: "high-quota" },
    async after({ xenstore }) {
      const had = taken.get(xenstore) ?? 0;
      const domain = xenstore.domain(DOMID);
      const ended = await count(had, (n) => domain.ask(request("UNWATCH", `w${n}`, "")));
      check(ended === had, `of ${had} watches number ${ended} is lost`);
    },
  }),

  scenario({
    ...common,
    name: "usage/counts-again-when-it-is-below",
    must: "A domain that has given back what it had above its limit may have more again",
    source: QUOTAS,
    preparation: many,
    when: { load: "high-quota" },
    async after({ xenstore }) {
      await demand(xenstore.domain(DOMID), request("RESET_WATCHES", ""));
      await demand(xenstore.domain(DOMID), watch("w0", ""));
    },
  }),

  scenario({
    ...common,
    name: "remade/is-counted-once",
    must: "A node that is made again and again counts once, before the update and after it",
    source: `${QUOTAS}; commit c8b9670825`,
    preparation: remade,
    when: { load: "remade" },
    async after({ xenstore }) {
      await demand(xenstore.domain(DOMID), write("another", ""));
      await demand(xenstore.domain(DOMID), request("RM", "another"));
    },
  }),

  scenario({
    ...common,
    name: "transactions/are-as-many-as-before",
    must: "A domain may have as many transactions after the update as before it",
    source: QUOTAS,
    preparation: counted,
    when: { load: "limits" },
    async after({ xenstore }) {
      const are = await openTransactions(xenstore);
      check(are === taken.get(xenstore), `there were ${taken.get(xenstore)}, there are ${are}`);
    },
  }),

  scenario({
    ...common,
    name: "transactions/are-as-many-as-stated",
    must: "A domain may have as many transactions as the limit says",
    source: "Xen, docs/man/xenstored options: --transaction; oxenstored.conf: quota-transaction",
    preparation: counted,
    when: { load: "limits" },
    async after({ xenstore }) {
      const are = await openTransactions(xenstore);
      check(are === TRANSACTIONS, `the limit is ${TRANSACTIONS}, and ${are} are possible`);
    },
  }),

  scenario({
    ...common,
    name: "errors/are-in-the-protocol",
    must: "A domain at a limit is answered an error that the protocol has",
    source: "Xen, xen/include/public/io/xs_wire.h, xsd_errors",
    preparation: counted,
    when: { load: "limits" },
    async after({ xenstore }) {
      const watches = await setWatches(xenstore);
      const { error } = await xenstore.domain(DOMID).ask(watch("more", ""));
      await demand(xenstore.domain(DOMID), request("RESET_WATCHES", ""));
      check(error !== null, `a domain may have more than ${watches} watches`);
      check(ERRORS.has(error), `a domain at its limit is answered ${error}`);
    },
  }),
]);
