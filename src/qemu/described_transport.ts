/**
 * A transport that says what it carries: lines of JSON, one for each device, with its name, the
 * revision that it is written in, and its fields by name. A line at the end has the number of
 * devices, so that a cut is seen.
 *
 * Source: QEMU wiki, Features/Migration/Next, "Next Gen Transport".
 *
 * @module
 */
import { textOfUtf8, utf8OfText } from "../bytes/utf8.ts";
import { VisitError } from "./error.ts";
import { jsonOf, treeOf } from "./json_visitors.ts";
import { isTree, type Tree } from "./tree.ts";

const FORMAT = "freezethaw-migration";
const FORMAT_VERSION = 1;
/** Devices of one stream. */
export const DEVICES_MAX = 1024;
/** Octets of one stream. */
export const DESCRIBED_MAX = 64 * 1024 * 1024;

export interface DescribedDevice {
  readonly device: string;
  readonly revision: number;
  readonly state: Tree;
}

export function writeDescribed(devices: readonly DescribedDevice[]): Uint8Array {
  const lines = [
    JSON.stringify({ format: FORMAT, version: FORMAT_VERSION }),
    ...devices.map(({ device, revision, state }) =>
      JSON.stringify({ device, revision, state: jsonOf(state) }),
    ),
    JSON.stringify({ devices: devices.length }),
  ];
  return utf8OfText(`${lines.join("\n")}\n`);
}

/** True when `octets` begin as such a stream does. */
export function isDescribed(octets: Uint8Array): boolean {
  return octets[0] === 0x7b;
}

/** Throws a `VisitError` that says the line. */
export function readDescribed(octets: Uint8Array): readonly DescribedDevice[] {
  if (octets.length > DESCRIBED_MAX) {
    throw new VisitError("the stream", `it must have at most ${DESCRIBED_MAX} octets`);
  }
  const text = textOfUtf8(octets, 0, octets.length);
  if (text === undefined) throw new VisitError("the stream", "it must be UTF-8");
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new VisitError("the stream", "it must end with the end of a line");
  if (lines.length > DEVICES_MAX + 2) {
    throw new VisitError("the stream", `it must have at most ${DEVICES_MAX} devices`);
  }
  const [head, ...rest] = lines.map((line, at) => lineOf(line, at + 1));
  if (head?.format !== FORMAT || head.version !== FORMAT_VERSION) {
    throw new VisitError("line 1", `it must be ${FORMAT} ${FORMAT_VERSION}`);
  }
  const end = rest.pop();
  if (end?.devices !== rest.length) {
    throw new VisitError(`line ${lines.length}`, `it must say that ${rest.length} devices came`);
  }
  return rest.map((line, at) => deviceOf(line, at + 2));
}

function lineOf(line: string, at: number): Tree {
  try {
    return treeOf(line);
  } catch (error) {
    if (!(error instanceof VisitError)) throw error;
    throw new VisitError(`line ${at}, ${error.place}`, error.requirement);
  }
}

function deviceOf({ device, revision, state }: Tree, at: number): DescribedDevice {
  const isDevice = typeof device === "string" && typeof revision === "number" && isTree(state);
  if (isDevice) return { device, revision, state };
  throw new VisitError(`line ${at}`, "it must have a device, its revision and its state");
}
