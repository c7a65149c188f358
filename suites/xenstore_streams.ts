/**
 * Streams that are not as a daemon writes them: a reader takes what the specification allows, and
 * of what it does not allow it takes nothing.
 *
 * Method: see xenstore_stream_claims.ts.
 *
 * @module
 */
import { read, request } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand } from "./xenstore_asking.ts";
import {
  allOrNothing,
  allowed,
  checkWhole,
  filledStore,
  refused,
} from "./xenstore_stream_claims.ts";

const SPEC = "Xen, docs/designs/xenstore-migration.md";
/** The domain of which streams speak that there is not. */
const DOMID = 9;

export default suite("xenstore-streams", [
  allowed("unknown-record", "A record of an unknown type costs no other record", "Records"),
  allowed("exact-length", "A length is that of the body, which padding follows", "Records: len"),
  allowed("odd-padding", "Padding is ignored, whatever is in it", "Records"),
  allowed("after-end", "What follows the END record is no part of the stream", "END"),
  allowed("pending-node", "A node of a pending transaction costs no other node", "NODE_DATA"),

  scenario({
    ...filledStore,
    name: "pending-node/is-not-committed",
    must: "A node that is only written in a pending transaction is not in the store",
    source: `${SPEC}, NODE_DATA: conn-id is not zero`,
    when: { fault: "stream:pending-node:restore" },
    async after({ xenstore }) {
      const { error } = await xenstore.socket("stream").ask(read("/pending"));
      check(error === "ENOENT", `reading it is answered ${error ?? "with a value"}`);
    },
  }),

  refused("no-end", "A stream without its END record is not whole", "END"),
  refused("cut-record", "A stream that ends within a record is not whole", "Records: len"),
  refused("big-endian", "A stream that says to be of the other byte order is not read", "Header"),
  refused("reserved-flag", "A stream with a flag that must be zero is not read", "Header: flags"),
  refused("version-zero", "A stream of version 0, which there is not, is not read", "Header"),
  refused("version-three", "A stream of a version to come is not read", "Header: version"),
  refused(
    "end-only",
    "A stream that holds nothing leaves no daemon without a store",
    "GLOBAL_DATA",
  ),
  refused("no-global", "A live update needs the sockets of GLOBAL_DATA", "GLOBAL_DATA"),

  allOrNothing("cut-half", "A stream that is cut is not taken for whole", "END"),
  allOrNothing("no-parent", "A node without its parent costs no other node", "NODE_DATA"),
  allOrNothing("watch-of-nobody", "A watch of no connection costs no node", "WATCH_DATA"),

  allowed("pending-delete", "A node that a pending transaction deletes is there", "NODE_DATA"),
  allowed("no-root", "The root need not be among the records", "NODE_DATA"),
  allowed("nodes-first", "Records that do not depend on each other have no order", "Records"),
  allowed("ring-of-nobody", "The ring of a domain that has died costs nothing", "CONNECTION_DATA"),
  allowed("value-max", "A value may be as long as its length can say", "NODE_DATA: value-len"),

  allOrNothing("version-two", "A stream of version 2 is read, or is not read at all", "Header"),
  allOrNothing("watch-extended", "A watch with a depth costs no node", "WATCH_DATA_EXTENDED"),
  allOrNothing("node-twice", "A node that comes twice costs no other node", "NODE_DATA"),
  allOrNothing("odd-permission", "A permission that there is not costs no node", "NODE_DATA: perm"),
  allOrNothing("no-permissions", "A node without an owner costs no other node", "NODE_DATA: perm"),

  scenario({
    ...filledStore,
    name: "odd-permission/grants-nothing",
    must: "A permission that there is not gives nobody a right",
    source: `${SPEC}, NODE_DATA: perm`,
    when: { fault: "stream:odd-permission:restore" },
    async after({ xenstore }) {
      const { error } = await xenstore.domain(DOMID).ask(read("/odd"));
      check(error !== null, "a domain may read the node");
    },
    afterFailedRestore: () => {},
  }),

  scenario({
    ...filledStore,
    name: "stale-permission/grants-nothing",
    must: "A permission of a domain that is gone is not that of one that gets its number",
    source: `${SPEC}, NODE_DATA: flags of permissions; XSA-322`,
    when: { fault: "stream:stale-permission:restore" },
    async after({ xenstore }) {
      await checkWhole(xenstore);
      await demand(xenstore.domain(DOMID), request("GET_DOMAIN_PATH", "0"));
      const { error } = await xenstore.domain(DOMID).ask(read("/stale"));
      check(error === "EACCES", `reading it is answered ${error ?? "with a value"}`);
    },
  }),
]);
