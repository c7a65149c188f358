/**
 * What the host changes about a machine between two hops, as the faults of the time `between` say
 * that are not about the saved state.
 *
 * @module
 */
import { NvmeController } from "../../../src/nvme/mod.ts";
import type { Host } from "../../../src/openhcl/mod.ts";

/** A change, for machines that have what it is about. */
type Change = (host: Host) => void;

/** Blocks of a namespace that is new, and of one that has grown. */
const NEW_BLOCKS = 0x2000n;
const GROWTH = 0x1000n;

/** Identifier of a namespace that no controller has. */
const NEW_NSID = 77;

/** How far the pool moves, and how far apart the parts of a split one are, in pages. */
const DISTANCE = 0x4_0000n;

/** A controller that nobody has seen before. */
const NEW_CONTROLLER = {
  pciId: "e9a4:00:00.0",
  namespaces: [{ nsid: 9, blocks: NEW_BLOCKS }],
  ioQueuesMax: 8,
};

const CHANGES: Readonly<Record<string, Change>> = {
  "pool:moved:between": (host) => {
    host.poolChange = ({ pfn, pages }) => [{ pfn: pfn + DISTANCE, pages }];
  },
  "pool:shrunk:between": (host) => {
    host.poolChange = ({ pfn, pages }) => [{ pfn, pages: pages / 2n }];
  },
  "pool:split:between": (host) => {
    host.poolChange = ({ pfn, pages }) => [
      { pfn, pages: pages / 2n },
      { pfn: pfn + DISTANCE, pages: pages / 2n },
    ];
  },
  "processors:fewer:between": (host) => {
    host.vpCount -= 2;
  },
  "processors:more:between": (host) => {
    host.vpCount += 4;
  },
  "host:resets-devices:between": resetDevices,
  "nic:reset:between": ({ nics: [first] }) => {
    first?.reset();
  },
  "controller:missing:between": (host) => {
    const [gone, ...others] = host.nvme;
    gone?.functionLevelReset();
    host.adoptControllers(others);
  },
  "controller:new:between": (host) => {
    const { clock, memory } = host;
    const added = new NvmeController({ ...NEW_CONTROLLER, clock, memory });
    host.adoptControllers([...host.nvme, added]);
  },
  "namespace:new:between": ({ nvme: [first] }) => first?.changeNamespace(NEW_NSID, NEW_BLOCKS),
  "namespace:gone:between": ({ nvme: [first] }) => first?.changeNamespace(nsidOf(first), 0n),
  "namespace:grown:between": ({ nvme: [first] }) => {
    if (first === undefined) return;
    const nsid = nsidOf(first);
    const { blocks = 0n } = first.namespaces.get(nsid) ?? {};
    first.changeNamespace(nsid, blocks + GROWTH);
  },
};

function resetDevices({ nvme, nics }: Host): void {
  for (const controller of nvme) controller.functionLevelReset();
  for (const nic of nics) nic.reset();
}

/** What `fault` changes; null when it is about something else. */
export function changeOf(fault: string): Change | null {
  return CHANGES[fault] ?? null;
}

function nsidOf({ namespaces }: NvmeController): number {
  const [nsid = 0] = namespaces.keys();
  return nsid;
}
