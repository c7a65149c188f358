/**
 * An NVMe controller and its namespaces. QEMU 5.2 to 10.0 save neither and are blocked by them;
 * 11.1 is the first that does. What is here is what the older ones would have had to save, in the
 * two shapes that their history gave it: one device with a drive of its own, and since 5.2 a device
 * for each namespace beside it.
 *
 * Source: QEMU, hw/block/nvme.c and hw/nvme/{ctrl,ns}.c; NVM Express base specification 1.4, 3.1.
 *
 * @module
 */
import type { Device, Revision } from "./device.ts";
import type { Visitor } from "./visitor.ts";

const FILE = "https://gitlab.com/qemu-project/qemu/-/blob/master/hw/nvme/ctrl.c";
const NAMESPACES_MAX = 256;
const QUEUES_MAX = 65;

export interface Namespace {
  nsid: number;
  nsze: bigint;
  lbads: number;
}

export interface Queue {
  cqid: number;
  base: bigint;
  size: number;
  head: number;
  tail: number;
  phase: number;
}

/** An event that a controller may report when its host has asked for it. */
export interface Event {
  type: number;
  info: number;
  log: number;
}

export interface Nvme {
  cc: number;
  csts: number;
  aqa: number;
  asq: bigint;
  acq: bigint;
  queues: Queue[];
  event: Event | undefined;
  /** Those that it has itself; none when they are devices beside it. */
  namespaces: Namespace[];
}

const BLOCKED = "State blocked by non-migratable device 'nvme'";

export const nvme: Device<Nvme> = {
  name: "nvme",
  blocked: BLOCKED,
  revisions: [revision(1, "1.6"), revision(2, "5.2")],
  fresh: () => ({
    ...{ cc: 0, csts: 0, aqa: 0, asq: 0n, acq: 0n },
    queues: [],
    event: undefined,
    namespaces: [],
  }),

  visit(visitor, state, { version }) {
    for (const name of ["cc", "csts", "aqa"] as const) visitor.u32(state, name);
    for (const name of ["asq", "acq"] as const) visitor.u64(state, name);
    visitor.list(
      state,
      "queues",
      queue,
      (queues, at) => visitor.struct(queues, at, (one) => visitQueue(visitor, one)),
      QUEUES_MAX,
    );
    visitor.optional(
      state,
      "event",
      () => ({ type: 0, info: 0, log: 0 }),
      (event) => {
        for (const name of ["type", "info", "log"] as const) visitor.u8(event, name);
      },
    );
    if (version < 2) visitNamespaces(visitor, state);
  },
};

/** Devices of their own since 5.2; one saved state has all of a controller, by number. */
export const nvmeNs: Device<{ namespaces: Namespace[] }> = {
  name: "nvme-ns",
  blocked: BLOCKED,
  revisions: [revision(1, "5.2")],
  fresh: () => ({ namespaces: [] }),
  visit: (visitor, state) => visitNamespaces(visitor, state),
};

function visitNamespaces(visitor: Visitor, state: { namespaces: Namespace[] }): void {
  const fresh = () => ({ nsid: 0, nsze: 0n, lbads: 0 });
  visitor.list(
    state,
    "namespaces",
    fresh,
    (all, at) =>
      visitor.struct(all, at, (one) => {
        visitor.u32(one, "nsid");
        visitor.u64(one, "nsze");
        visitor.u8(one, "lbads");
      }),
    NAMESPACES_MAX,
  );
}

function visitQueue(visitor: Visitor, one: Queue): void {
  visitor.u16(one, "cqid");
  visitor.u64(one, "base");
  for (const name of ["size", "head", "tail"] as const) visitor.u16(one, name);
  visitor.u8(one, "phase");
}

function queue(): Queue {
  return { cqid: 0, base: 0n, size: 0, head: 0, tail: 0, phase: 0 };
}

function revision(version: number, since: string): Revision {
  return { revision: version, version, minimum: 1, subsections: [], since, source: FILE };
}
