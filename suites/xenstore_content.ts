/**
 * The store across a live update: what clients have written is there for all of them afterwards.
 *
 * Method: nodes of every kind are written before the first save and read back after each restore,
 * through the connection that wrote them and through one that is made later.
 *
 * @module
 */
import type { Xenstore, XenstoreConnection } from "../harness/facets/xenstore.ts";
import { read, request, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, prepared, shown } from "./xenstore_asking.ts";

const SPEC = "Xen, docs/misc/xenstore.txt";
const MIGRATION = "Xen, docs/designs/xenstore-migration.md";

/** Every octet, so that nothing on the way may treat values as text. */
const EVERY_OCTET = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet)).join("");
/** Octets of the largest value that every implementation takes. */
const VALUE_LENGTH_MAX = 2048;
/** Levels of a deep node; its path stays below 1,024 octets. */
const DEPTH = 60;

const DEEP = `/content${"/d".repeat(DEPTH)}`;
const LONG_NAME = "n".repeat(255);

const NODES: readonly (readonly [path: string, value: string])[] = [
  ["/content", ""],
  ["/content/empty", ""],
  ["/content/text", "some text"],
  ["/content/nul", "a\0b\0"],
  ["/content/octets", EVERY_OCTET],
  ["/content/large", "x".repeat(VALUE_LENGTH_MAX)],
  [`/content/${LONG_NAME}`, "long name"],
  [DEEP, "deep"],
];

function writer(xenstore: Xenstore): XenstoreConnection {
  return xenstore.socket("content");
}

const written = prepared("nodes-of-every-kind", async (xenstore) => {
  for (const [path, value] of NODES) await demand(writer(xenstore), write(path, value));
  await demand(writer(xenstore), write("/content/removed/child", ""));
  await demand(writer(xenstore), request("RM", "/content/removed"));
});

async function checkNodes(connection: XenstoreConnection): Promise<void> {
  for (const [path, value] of NODES) {
    const is = await demand(connection, read(path));
    check(is === value, `${shown(path)} was ${shown(value)}, is ${shown(is)}`);
  }
}

async function children(connection: XenstoreConnection, path: string): Promise<string> {
  const body = await demand(connection, request("DIRECTORY", path));
  return body
    .split("\0")
    .filter((name) => name !== "")
    .sort()
    .join(", ");
}

const common = { needs: ["xenstore"], preparation: written } as const;

export default suite("xenstore-content", [
  scenario({
    ...common,
    name: "nodes/are-kept",
    must: "Each node has the value that it had before the update",
    source: `${MIGRATION}, NODE_DATA`,
    after: ({ xenstore }) => checkNodes(writer(xenstore)),
  }),

  scenario({
    ...common,
    name: "nodes/are-there-for-new-clients",
    must: "A client that comes after the update finds each node",
    source: `${MIGRATION}, GLOBAL_DATA: rw-socket-fd`,
    after: ({ xenstore }) => checkNodes(xenstore.socket("newcomer")),
  }),

  scenario({
    ...common,
    name: "nodes/are-there-for-the-ring",
    must: "Domain 0 finds each node by its shared ring",
    source: `${MIGRATION}, CONNECTION_DATA: shared ring`,
    after: ({ xenstore }) => checkNodes(xenstore.domain(0)),
  }),

  scenario({
    ...common,
    name: "children/are-kept",
    must: "A node has the children that it had before the update, and no others",
    source: `${SPEC}, DIRECTORY`,
    before: ({ xenstore }) => children(writer(xenstore), "/content"),
    async after({ xenstore }, were) {
      const are = await children(writer(xenstore), "/content");
      check(are === were, `/content had ${shown(were)}, has ${shown(are)}`);
    },
  }),

  scenario({
    ...common,
    name: "root/has-the-same-children",
    must: "An update adds nothing to the root of the store and takes nothing from it",
    source: MIGRATION,
    before: ({ xenstore }) => children(writer(xenstore), "/"),
    async after({ xenstore }, were) {
      const are = await children(writer(xenstore), "/");
      check(are === were, `the root had ${shown(were)}, has ${shown(are)}`);
    },
  }),

  scenario({
    ...common,
    name: "removed/stays-removed",
    must: "A node that was removed before the update does not come back",
    source: `${SPEC}, RM`,
    async after({ xenstore }) {
      const { error } = await writer(xenstore).ask(read("/content/removed/child"));
      check(error === "ENOENT", `reading it is answered ${error ?? "with a value"}`);
    },
  }),

  scenario({
    ...common,
    name: "store/can-be-changed",
    must: "After the update nodes can be written, read and removed as before",
    source: `${SPEC}, WRITE, RM`,
    async after({ xenstore }) {
      const connection = writer(xenstore);
      await demand(connection, write("/content/new/node", "new"));
      const is = await demand(connection, read("/content/new/node"));
      check(is === "new", `the new node is ${shown(is)}`);
      await demand(connection, request("RM", "/content/new"));
      const { error } = await connection.ask(read("/content/new/node"));
      check(error === "ENOENT", `reading it when removed is answered ${error ?? "with a value"}`);
    },
  }),

  scenario({
    ...common,
    name: "answers/carry-the-request-id",
    must: "The first answer after the update carries the identifier of its own request",
    source: "Xen, xen/include/public/io/xs_wire.h, xsd_sockmsg.req_id",
    async after({ xenstore }) {
      const first = await writer(xenstore).ask(read("/"));
      const second = await writer(xenstore).ask(read("/"));
      check(
        second.reqId === first.reqId + 1,
        `request ${first.reqId + 1} is answered as request ${second.reqId}`,
      );
    },
  }),
]);
