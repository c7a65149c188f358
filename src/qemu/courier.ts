/**
 * Who carries a machine from one end to the other: it asks both what they can, has the state made
 * into what the reader knows, and chooses the transport.
 *
 * @module
 */
import { CapabilitySet, negotiate } from "./capabilities.ts";
import { isDescribed, readDescribed, writeDescribed } from "./described_transport.ts";
import { formOf } from "./device.ts";
import { VisitError } from "./error.ts";
import { writeLegacy } from "./legacy_transport.ts";
import { type Machine, stateOfTree } from "./machine.ts";
import { deviceOf, type Release, revisionOf } from "./release.ts";
import { StreamSaver } from "./stream_visitors.ts";
import type { Shape, States, Transformations } from "./transform.ts";

/** What the writer hands over: all that it has where it can say so, else the stream of old. */
export function sentBy(machine: Machine, negotiates: boolean): Uint8Array {
  const { capabilities } = machine.make.release;
  const describes = negotiates && capabilities !== undefined;
  return describes ? machine.saveDescribed() : machine.saveLegacy();
}

/**
 * Brings what `writer` sent into `reader`. Returns what was lost on the way, as far as somebody
 * knows. Throws a `VisitError` or `TransformError`; the reader is as it was then.
 */
export function deliver(
  sent: Uint8Array,
  writer: Release,
  reader: Machine,
  steps: Transformations,
): readonly string[] {
  if (!isDescribed(sent)) {
    reader.loadLegacy(sent);
    return [];
  }
  const source = new CapabilitySet(writer.capabilities);
  const destination = new CapabilitySet(reader.make.release.capabilities);
  negotiate(source, destination);
  const devices = readDescribed(sent);
  const states: States = Object.fromEntries(devices.map((one) => [one.device, one.state]));
  const from: Shape = Object.fromEntries(devices.map((one) => [one.device, one.revision]));
  if (!destination.has("transformation")) {
    // As the writer would have sent it, with what the type of the machine turns off.
    const off = reader.make.type.compat.map(({ subsection }) => subsection);
    reader.loadLegacy(legacyOf(states, from, new Set(off)));
    return [];
  }
  const to = shapeOf(reader);
  const made = steps.transform(states, from, to);
  if (destination.has("selfDescribing")) {
    const list = Object.keys(to).map((device) => ({
      device,
      revision: to[device] ?? 0,
      state: made.states[device] ?? {},
    }));
    reader.loadDescribed(writeDescribed(list));
  } else {
    reader.loadLegacy(legacyOf(made.states, to));
  }
  return made.lost;
}

function shapeOf({ make: { release, devices } }: Machine): Shape {
  return Object.fromEntries(devices.map((name) => [name, release.devices[name] ?? 0]));
}

/** The stream of old with the same state, in the revisions of `shape`. */
function legacyOf(states: States, shape: Shape, off: ReadonlySet<string> = new Set()): Uint8Array {
  const sections = Object.entries(states).map(([name, tree]) => {
    const device = deviceOf(name);
    if (device.blocked !== undefined) throw new VisitError(name, device.blocked);
    const revision = revisionOf(device, shape[name] ?? 0);
    const saver = new StreamSaver();
    device.visit(saver, stateOfTree(device, tree, formOf(revision)), formOf(revision, off));
    return { device: name, version: revision.version, octets: saver.octets };
  });
  return writeLegacy(sections);
}
