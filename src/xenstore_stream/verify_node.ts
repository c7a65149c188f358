/**
 * What NODE_DATA must be. Looks at octets and makes no texts: there are many nodes.
 *
 * Source: Xen, docs/designs/xenstore-migration.md, NODE_DATA.
 *
 * @module
 */
import type { ReadNode } from "./node.ts";
import { nodePathFault } from "./path.ts";
import { PathIndex } from "./path_index.ts";
import { quoted } from "./quote.ts";
import type { Reading } from "./reading.ts";
import { ACCESS_READ, ACCESS_WRITTEN, PERM_STALE } from "./record.ts";
import type { Violations } from "./violation.ts";

const SECTION = "NODE_DATA";
const PERMS = new Set(["w", "r", "b", "n"]);

export class NodeVerifier {
  readonly #octets: Uint8Array;
  readonly #isDraft: boolean;
  readonly #isConsistent: boolean;
  readonly #found: Violations;
  readonly #transactionFault: (connId: number, txId: number) => string | undefined;
  readonly #committed: PathIndex;
  readonly #pending = new Set<string>();

  constructor(
    octets: Uint8Array,
    { stream, isConsistent }: Reading,
    found: Violations,
    transactionFault: (connId: number, txId: number) => string | undefined,
  ) {
    this.#octets = octets;
    this.#isDraft = stream.layout === "draft";
    this.#isConsistent = isConsistent;
    this.#found = found;
    this.#transactionFault = transactionFault;
    this.#committed = new PathIndex(octets, stream.records.length);
  }

  verify(node: ReadNode): void {
    const { pathAt, permCount } = node;
    const pathEnd = pathAt + node.pathLength - 1;
    if (!this.#isConsistent) {
      const fault = nodePathFault(this.#octets, pathAt, pathEnd);
      if (fault !== undefined) this.#found.add("node-path", pathAt, SECTION, `path ${fault}`);
    }
    for (let index = 0; index < permCount; index++) this.#perm(node.permsAt + 4 * index);
    if (node.connId !== 0) {
      this.#verifyPending(node);
      return;
    }
    if (permCount === 0) {
      this.#found.add(
        "node-perms",
        node.permsAt,
        SECTION,
        "perm-count must not be 0 for a committed node",
      );
    }
    const { hasParent, isNew } = this.#committed.add(pathAt, pathEnd);
    if (!isNew)
      this.#found.add("node-once", pathAt, SECTION, `path must be there once: ${this.#text(node)}`);
    // The draft leaves the order of nodes open.
    if (!hasParent && !this.#isDraft) {
      this.#found.add(
        "node-parent",
        pathAt,
        SECTION,
        `the parent must come earlier: ${this.#text(node)}`,
      );
    }
  }

  #verifyPending(node: ReadNode): void {
    const { connId, txId, access, permCount, valueLength, permsAt } = node;
    const fault = this.#transactionFault(connId, txId);
    if (fault !== undefined) this.#found.add("node-transaction", node.body, SECTION, fault);
    if ((access & ~(ACCESS_READ | ACCESS_WRITTEN)) !== 0) {
      this.#found.add(
        "node-access",
        node.body,
        SECTION,
        `access must be up to 3: current value is ${access}`,
      );
    }
    if (access === 0 && permCount !== 0) {
      this.#found.add("node-deleted", permsAt, SECTION, "perm-count must be 0 for a deleted node");
    }
    if (access === 0 && valueLength !== 0) {
      this.#found.add("node-deleted", node.body, SECTION, "value-len must be 0 for a deleted node");
    }
    if (access !== 0 && permCount === 0) {
      this.#found.add(
        "node-perms",
        permsAt,
        SECTION,
        "perm-count must not be 0 for a node that is there",
      );
    }
    const key = `${connId}/${txId}/${node.path}`;
    if (this.#pending.has(key)) {
      const text = `path must be there once in a transaction: ${this.#text(node)}`;
      this.#found.add("node-once", node.pathAt, SECTION, text);
    }
    this.#pending.add(key);
  }

  #perm(at: number): void {
    const octet = this.#octets[at] as number;
    const flags = this.#octets[at + 1] as number;
    // n, the most usual one.
    if (octet !== 0x6e && !PERMS.has(String.fromCharCode(octet))) {
      const value = `0x${octet.toString(16)}`;
      this.#found.add(
        "node-perm",
        at,
        SECTION,
        `perm must be w, r, b or n: current value is ${value}`,
      );
    }
    if (flags === 0 || (flags === PERM_STALE && !this.#isDraft)) return;
    const what = this.#isDraft ? "pad" : "reserved bits of flags";
    this.#found.add(
      "node-perm-flags",
      at + 1,
      SECTION,
      `${what} must be zero: current value is ${flags}`,
    );
  }

  #text({ path }: ReadNode): string {
    return quoted(path);
  }
}
