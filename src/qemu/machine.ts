/**
 * A machine of one release: its devices, and how it is saved and loaded in both transports.
 *
 * @module
 */
import type { Cursor } from "../qemu_stream/cursor.ts";
import { type DescribedDevice, readDescribed, writeDescribed } from "./described_transport.ts";
import { type AnyDevice, type Form, formOf } from "./device.ts";
import { VisitError } from "./error.ts";
import { Filters } from "./filters.ts";
import { readLegacy, writeLegacy } from "./legacy_transport.ts";
import { ObjectLoader, ObjectSaver } from "./object_visitors.ts";
import { deviceOf, type MachineType, type Release, revisionOf } from "./release.ts";
import { StreamLoader, StreamSaver } from "./stream_visitors.ts";
import type { Tree } from "./tree.ts";

/** What a machine is made of: two machines of the same make can migrate into each other. */
export interface Make {
  readonly release: Release;
  readonly type: MachineType;
  /** The devices it has, of those of its release. */
  readonly devices: readonly string[];
}

export class Machine {
  readonly make: Make;
  readonly filters: Filters;
  /** By name of the device: what it holds. */
  readonly states: ReadonlyMap<string, object>;

  constructor(make: Make, filters = new Filters()) {
    this.make = make;
    this.filters = filters;
    this.states = new Map(make.devices.map((name) => [name, deviceOf(name).fresh()]));
  }

  /** The stream of old. Throws a `VisitError` when a device cannot leave by it. */
  saveLegacy(): Uint8Array {
    const sections = [...this.states].map(([name, state]) => {
      const device = deviceOf(name);
      if (device.blocked !== undefined) throw new VisitError(name, device.blocked);
      const saver = new StreamSaver();
      const form = this.#form(device, this.make.type);
      device.visit(saver, state, form);
      return { device: name, version: form.version, octets: saver.octets };
    });
    return writeLegacy(sections);
  }

  /** All of it, also what a type of machine leaves out of the stream of old. */
  saveDescribed(): Uint8Array {
    return writeDescribed([...this.states].map(([name, state]) => this.#described(name, state)));
  }

  /** Throws a `VisitError`, and has changed nothing then. */
  loadLegacy(octets: Uint8Array): void {
    const loaded = new Map<string, object>();
    readLegacy(octets, (name, version, cursor) => {
      loaded.set(name, this.#loadedFrom(name, version, cursor));
    });
    this.#adopt(loaded);
  }

  /** Throws a `VisitError`, and has changed nothing then. */
  loadDescribed(octets: Uint8Array): void {
    const loaded = new Map<string, object>();
    for (const { device: name, revision, state: tree } of readDescribed(octets)) {
      const device = this.#own(name);
      const own = this.make.release.devices[name];
      if (revision !== own) {
        throw new VisitError(name, `it must have revision ${own}: current value is ${revision}`);
      }
      loaded.set(name, this.#loaded(device, this.filters.apply("unmarshal", name, tree)));
    }
    this.#adopt(loaded);
  }

  #described(name: string, state: object): DescribedDevice {
    const device = deviceOf(name);
    const tree = treeOfState(device, state, this.#form(device));
    const revision = this.make.release.devices[name] ?? 0;
    return { device: name, revision, state: this.filters.apply("marshal", name, tree) };
  }

  #loaded(device: AnyDevice, tree: Tree): object {
    return stateOfTree(device, tree, this.#form(device));
  }

  #loadedFrom(name: string, version: number, cursor: Cursor): object {
    const device = this.#own(name);
    const own = revisionOf(device, this.make.release.devices[name] ?? 0);
    if (version > own.version || version < own.minimum) {
      const range = `${own.minimum} to ${own.version}`;
      throw new VisitError(name, `version must be ${range}: current value is ${version}`);
    }
    const state = device.fresh();
    device.visit(new StreamLoader(cursor), state, { ...this.#form(device), version });
    return state;
  }

  /** With a type of machine, what it leaves out is left out. */
  #form(device: AnyDevice, type?: MachineType): Form {
    const revision = revisionOf(device, this.make.release.devices[device.name] ?? 0);
    return formOf(revision, new Set(type?.compat.map(({ subsection }) => subsection)));
  }

  #own(name: string): AnyDevice {
    if (this.states.has(name)) return deviceOf(name);
    throw new VisitError(name, "it must be a device that the machine has");
  }

  #adopt(loaded: ReadonlyMap<string, object>): void {
    const missing = [...this.states.keys()].find((name) => !loaded.has(name));
    if (missing !== undefined) throw new VisitError(missing, "its state must come");
    for (const [name, state] of this.states) Object.assign(state, loaded.get(name));
  }
}

/** What `device` holds, in a form. */
export function treeOfState(device: AnyDevice, state: object, form: Form): Tree {
  const saver = new ObjectSaver();
  device.visit(saver, state, form);
  return saver.tree;
}

/** What `device` holds when its form is `tree`. Throws a `VisitError`. */
export function stateOfTree(device: AnyDevice, tree: Tree, form: Form): object {
  const state = device.fresh();
  const loader = new ObjectLoader(tree);
  device.visit(loader, state, form);
  loader.end();
  return state;
}
