/**
 * Domains, what they hold of disks, and suspend images on disks. It outlives the process; every
 * change of it is made by one method here, at once, and told to observers.
 *
 * @module
 */
import type { Disk } from "../xenops_interface/mod.ts";
import type { DeviceKind, Dom, DomChange, Storage, StorageChange } from "./dom.ts";
import { type Observer, tell } from "./observer.ts";

/** What is wanted of a new domain. */
export type NewDom = Pick<
  Dom,
  | "uuid"
  | "hvm"
  | "marker"
  | "memory_target"
  | "memory_limit"
  | "vcpus"
  | "xsdata"
  | "shadow_multiplier"
  | "platformDevice"
  | "createdAtMs"
>;

const NO_RAM = new Uint8Array(0);

export class Hypervisor {
  nextDomid = 1;
  readonly doms = new Map<number, Dom>();
  readonly #byUuid = new Map<string, Dom>();
  /** By `VM/DEVICE`. */
  readonly storage = new Map<string, Storage>();
  /** Suspend images by the name of their disk; they outlive the host. */
  readonly images = new Map<string, Uint8Array>();
  observers: readonly Observer[] = [];

  dom(uuid: string): Dom | undefined {
    return this.#byUuid.get(uuid);
  }

  /** Paused, not built, without devices. */
  create(wanted: NewDom): Dom {
    const dom: Dom = {
      ...wanted,
      domid: this.nextDomid++,
      paused: true,
      built: false,
      dm: false,
      shutdown: undefined,
      frontends: new Map(),
      active: new Set(),
      consoles: [],
      memory_actual: 0n,
      guestRam: NO_RAM,
      nvram: undefined,
      tpm: undefined,
      qemu: undefined,
      plugCount: 0,
    };
    this.doms.set(dom.domid, dom);
    this.#byUuid.set(dom.uuid, dom);
    tell(this.observers, "onDom", dom, "created");
    return dom;
  }

  destroy(dom: Dom): void {
    this.doms.delete(dom.domid);
    if (this.#byUuid.get(dom.uuid) === dom) this.#byUuid.delete(dom.uuid);
    tell(this.observers, "onDom", dom, "destroyed");
  }

  /** The domain goes by another id, and so does what it holds of disks. */
  rename(dom: Dom, uuid: string): void {
    this.#byUuid.delete(dom.uuid);
    for (const [key, storage] of [...this.storage]) {
      if (storage.vm !== dom.uuid) continue;
      this.storage.delete(key);
      storage.vm = uuid;
      this.storage.set(`${uuid}/${storage.dev}`, storage);
      tell(this.observers, "onStorage", storage, "renamed");
    }
    dom.uuid = uuid;
    this.#byUuid.set(uuid, dom);
    tell(this.observers, "onDom", dom, "renamed");
  }

  /** Sets some of what a domain is. */
  set(dom: Dom, fields: Partial<Dom>, change: DomChange = "state"): void {
    Object.assign(dom, fields);
    tell(this.observers, "onDom", dom, change);
  }

  setActive(dom: Dom, kind: DeviceKind, dev: string, active: boolean): void {
    const key = `${kind}:${dev}`;
    if (dom.active.has(key) === active) return;
    if (active) dom.active.add(key);
    else dom.active.delete(key);
    tell(this.observers, "onDom", dom, "active");
  }

  plug(dom: Dom, kind: DeviceKind, dev: string): void {
    dom.frontends.set(`${kind}:${dev}`, { kind, dev, plugged: true, order: dom.plugCount++ });
    tell(this.observers, "onDom", dom, "device");
  }

  unplug(dom: Dom, kind: DeviceKind, dev: string): void {
    if (dom.frontends.delete(`${kind}:${dev}`)) tell(this.observers, "onDom", dom, "device");
  }

  isPlugged(uuid: string, kind: DeviceKind, dev: string): boolean {
    return this.dom(uuid)?.frontends.get(`${kind}:${dev}`)?.plugged ?? false;
  }

  /** What the VM holds for the device; it is made when it is first asked to hold something. */
  holdStorage(vm: string, dev: string, backend: Disk | undefined, mode: Storage["mode"]): Storage {
    const key = `${vm}/${dev}`;
    const held = this.storage.get(key);
    if (held !== undefined) return held;
    const name = backend === undefined ? undefined : diskName(backend);
    const flags = { attached: false, activated: false, epoch: false };
    const storage: Storage = { vm, dev, backend: name, mode, ...flags };
    this.storage.set(key, storage);
    return storage;
  }

  setStorage(storage: Storage, flags: Partial<Storage>, change: StorageChange): void {
    Object.assign(storage, flags);
    const { attached, activated, epoch } = storage;
    if (!attached && !activated && !epoch) this.storage.delete(`${storage.vm}/${storage.dev}`);
    tell(this.observers, "onStorage", storage, change);
  }

  /** What is on the disk from now on. */
  writeImage(disk: Disk, octets: Uint8Array): void {
    const name = diskName(disk);
    this.images.set(name, octets);
    tell(this.observers, "onImage", name);
  }

  /** An independent copy. */
  fork(): Hypervisor {
    const fork = new Hypervisor();
    fork.nextDomid = this.nextDomid;
    for (const [domid, dom] of this.doms) {
      const frontends = new Map([...dom.frontends].map(([key, it]) => [key, { ...it }]));
      const copy: Dom = { ...dom, frontends, active: new Set(dom.active) };
      fork.doms.set(domid, copy);
      fork.#byUuid.set(copy.uuid, copy);
    }
    for (const [key, storage] of this.storage) fork.storage.set(key, { ...storage });
    for (const [key, image] of this.images) fork.images.set(key, image);
    return fork;
  }

  /** The host starts again: only what is on disks is left. */
  reboot(): void {
    this.nextDomid = 1;
    this.doms.clear();
    this.#byUuid.clear();
    this.storage.clear();
  }
}

/** A disk by one name: a path, or storage repository and disk. */
export function diskName(disk: Disk): string {
  return `${disk[0]}:${disk[1]}`;
}
