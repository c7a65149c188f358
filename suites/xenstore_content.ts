/**
 * The store across a live update: what clients have written is there for all of them afterwards.
 *
 * Method: nodes of every kind are written before the first save and read back after each restore,
 * through the same connection and through a new one.
 *
 * @module
 */
import type { Xenstore } from "../harness/facets/xenstore.ts";
import { read, request, write } from "../harness/facets/xenstore_requests.ts";
import { check, type Preparation, scenario, suite } from "../harness/mod.ts";

const SPEC = "Xen, docs/misc/xenstore.txt";

/** Every octet, so that nothing on the way may treat values as text. */
const EVERY_OCTET = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet)).join("");

const NODES: readonly (readonly [path: string, value: string])[] = [
  ["/content", ""],
  ["/content/empty", ""],
  ["/content/text", "some text"],
  ["/content/nul", "a\0b\0"],
  ["/content/octets", EVERY_OCTET],
];

const written: Preparation = {
  name: "nodes-of-every-kind",
  needs: ["xenstore"],
  async apply({ xenstore }) {
    for (const [path, value] of NODES) {
      const { error } = await writer(xenstore as Xenstore).ask(write(path, value));
      check(error === null, `${path} cannot be written: ${error}`);
    }
  },
};

function writer(xenstore: Xenstore) {
  return xenstore.socket("content");
}

export default suite("xenstore-content", [
  scenario({
    name: "nodes/are-kept",
    must: "Each node has the value that it had before the update",
    source: `${SPEC}, READ`,
    needs: ["xenstore"],
    preparation: written,
    async after({ xenstore }) {
      for (const [path, value] of NODES) {
        const { error, body } = await writer(xenstore).ask(read(path));
        check(error === null, `${path} cannot be read: ${error}`);
        check(body === value, `${path} had ${value.length} octets, has ${body.length} or others`);
      }
    },
  }),

  scenario({
    name: "children/are-kept",
    must: "A node has the children that it had before the update",
    source: `${SPEC}, DIRECTORY`,
    needs: ["xenstore"],
    preparation: written,
    async after({ xenstore }) {
      const { error, body } = await writer(xenstore).ask(request("DIRECTORY", "/content"));
      check(error === null, `/content cannot be listed: ${error}`);
      const names = body.split("\0").filter((name) => name !== "");
      check(names.sort().join() === "empty,nul,octets,text", `/content has ${names.join(", ")}`);
    },
  }),
]);
