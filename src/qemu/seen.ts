/**
 * What a guest sees of its devices, whichever release they are of: one line of text for each value
 * that says something.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import { formOf } from "./device.ts";
import { type Machine, treeOfState } from "./machine.ts";
import { deviceOf } from "./release.ts";
import { isBlank, isTree, SUBSECTIONS, type Value } from "./tree.ts";

/** By place, such as `serial: recv_fifo.num`: the value. What is blank is left out. */
export function seenOf(machine: Machine): Readonly<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const [name, state] of machine.states) {
    const device = deviceOf(name);
    // The newest form has a place for all that any release holds.
    const newest = device.revisions[device.revisions.length - 1];
    if (newest === undefined) continue;
    gather(seen, name, "", treeOfState(device, state, formOf(newest)));
    // Beside the controller or in it, a namespace is the same to a guest.
    const { namespaces } = state as { namespaces?: Value };
    if (name === "nvme" && namespaces !== undefined) {
      gather(seen, "nvme-ns", "namespaces", namespaces);
    }
  }
  return seen;
}

function gather(seen: Record<string, string>, device: string, place: string, value: Value): void {
  if (isBlank(value)) return;
  if (!Array.isArray(value) && !isTree(value)) {
    seen[`${device}: ${place}`] = value instanceof Uint8Array ? toHex(value) : String(value);
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    const under = name === SUBSECTIONS ? place : place === "" ? name : `${place}.${name}`;
    gather(seen, device, under, inner);
  }
}
