/**
 * What a save kept of the devices, read off the saved state alone: pools, device states, and
 * allocations that came along without the state of their device.
 *
 * @module
 */
import type { PagePoolState } from "../../src/openhcl_state/mod.ts";
import type { Decoded } from "./decoded.ts";
import type { SavedKind } from "./tables.ts";

/** One allocation of a saved pool. */
export interface Allocation {
  /** Owner, such as `nvme_0001:00:00.0`. */
  readonly device: string;
  readonly pfn: bigint;
  readonly pages: bigint;
}

export interface Kept {
  readonly pool: "pool" | "nothing";
  readonly nvme: SavedKind;
  readonly mana: SavedKind;
}

/** Allocations of the private pool. */
export function allocationsOf({ init }: Decoded): Allocation[] {
  return allocations(init.dma_manager_state?.private_pool ?? null);
}

function allocations(pool: PagePoolState | null): Allocation[] {
  const owned: Allocation[] = [];
  for (const { base_pfn: pfn, size_pages: pages, state } of pool?.state ?? []) {
    if (state.variant === "Allocated") owned.push({ device: state.value.device_id, pfn, pages });
  }
  return owned;
}

/** Names of devices under which allocations are kept: `nvme_PCI-ID` and `nic_PCI-ID`. */
function kindOf(prefix: string, ids: readonly string[], owned: readonly Allocation[]): SavedKind {
  const orphaned = owned.some(
    ({ device }) =>
      device.startsWith(prefix) && !ids.some((id) => device.slice(prefix.length).startsWith(id)),
  );
  if (orphaned) return "allocations";
  return ids.length > 0 ? "state" : "nothing";
}

export function keptIn(decoded: Decoded): Kept {
  const { init } = decoded;
  const owned = allocationsOf(decoded);
  const disks = init.nvme_state?.nvme_state.nvme_disks.map(({ pci_id }) => pci_id) ?? [];
  const nics = init.mana_state?.map(({ pci_id }) => pci_id) ?? [];
  return {
    pool: init.dma_manager_state?.private_pool ? "pool" : "nothing",
    nvme: kindOf("nvme_", disks, owned),
    mana: kindOf("nic_", nics, owned),
  };
}
