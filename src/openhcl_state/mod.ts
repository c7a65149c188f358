/**
 * Every message of OpenHCL's saved state, with its history over the releases.
 *
 * Source: the mesh-derived types of microsoft/openvmm at the tips of the five release branches.
 * Units whose state takes no part in servicing's own logic stay opaque blobs.
 *
 * @module
 */
export * from "./boot.ts";
export * from "./catalogue.ts";
export * from "./chipset.ts";
export * from "./chipset_legacy.ts";
export * from "./diff.ts";
export * from "./dma.ts";
export * from "./emuplat.ts";
export * from "./explain.ts";
export * from "./firmware.ts";
export * from "./generic.ts";
export * from "./guid.ts";
export * from "./ide.ts";
export * from "./mana_driver.ts";
export * from "./memory_range.ts";
export * from "./netvsp.ts";
export * from "./nvme_driver.ts";
export * from "./partition.ts";
export * from "./pci.ts";
export * from "./save_restore.ts";
export * from "./servicing.ts";
export * from "./state_unit.ts";
export * from "./storvsp.ts";
export * from "./tpm.ts";
export * from "./virt.ts";
export * from "./vmbus.ts";
export * from "./vmbus_client.ts";
export * from "./vmbus_relay.ts";
export * from "./vmbus_server.ts";
export * from "./vmgs.ts";
