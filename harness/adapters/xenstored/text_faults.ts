/**
 * Changes of the text that oxenstored saves; see stream_faults.ts.
 *
 * @module
 */

/** Domain and descriptor that there are not. */
const [NO_DOMID, NO_SOCKET] = [9, 9999] as const;
const LARGE = 65_535;

export const TEXT: Readonly<Record<string, (state: Buffer) => Uint8Array>> = {
  "cut-half": (state) => {
    const lines = state.toString("latin1").split("\n");
    return Buffer.from(`${lines.slice(0, lines.length / 2).join("\n")}\n`, "latin1");
  },
  "cut-record": (state) => state.subarray(0, state.length - 3),
  "unknown-record": (state) => behind(state, "whatever,2f,6e30"),
  "no-global": (state) => without(state, "global,"),
  "no-root": (state) => without(state, "store,2f,"),
  "no-parent": (state) => behind(state, node("/no/parent/here", "n0")),
  "node-twice": (state) => {
    const found = linesOf(state).find((line) => line.startsWith(`store,${hex("/stream/nnn3")},`));
    return behind(state, found ?? "");
  },
  "nodes-first": (state) => {
    const [head = "", ...lines] = linesOf(state);
    const nodes = lines.filter((line) => line.startsWith("store,"));
    return textOf([head, ...nodes, ...lines.filter((line) => !line.startsWith("store,"))]);
  },
  "watch-of-nobody": (state) => behind(state, `watch,-${NO_SOCKET},${hex("/w")},${hex("t")}`),
  "ring-of-nobody": (state) => behind(state, `dom,${NO_DOMID},1,${NO_DOMID},${1000 + NO_DOMID}`),
  "no-permissions": (state) => behind(state, node("/bare", "")),
  "odd-permission": (state) => behind(state, node("/odd", "x0")),
  "value-max": (state) => behind(state, `${node("/large", "n0")}${"a5".repeat(LARGE)}`),
  "path-not-text": (state) => behind(state, node("/\xff\n\x01", "n0")),
  "path-empty": (state) => behind(state, node("", "n0")),
  "cut-header": (state) => state.subarray(0, 12),
  empty: () => new Uint8Array(),
};

function linesOf(state: Buffer): string[] {
  return state.toString("latin1").split("\n").slice(0, -1);
}

function textOf(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1");
}

function behind(state: Buffer, line: string): Uint8Array {
  return textOf([...linesOf(state), line]);
}

function without(state: Buffer, front: string): Uint8Array {
  return textOf(linesOf(state).filter((line) => !line.startsWith(front)));
}

/** A node without a value. */
function node(path: string, perms: string): string {
  return `store,${hex(path)},${hex(perms)},`;
}

function hex(octets: string): string {
  return Buffer.from(octets, "latin1").toString("hex");
}
