/**
 * What is known to break in OpenHCL where the memory of VTL2 is not just as large as its pool.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const REPOSITORY = "https://github.com/microsoft/openvmm";
const SHIM_2505 = `${REPOSITORY}/blob/release/2505/openhcl/openhcl_boot/src/host_params/dt.rs`;

const SINCE_2511 = ["1.7.2511", "1.8.2607", "main"];
const NVME_ASKED = ["nvme", "nvme+mana"];

/** State of a pool that its reader has elsewhere. */
const MOVES = {
  verdict: "refused",
  reason: "pool ranges do not match",
} as const;

/** A writer that keeps devices alive, and a reader with a pool. */
const KEPT = {
  placement: "roomy",
  "writer.host": "host",
  "writer.pool": "privatepool",
  "reader.pool": "privatepool",
} as const;

/** A pool that nothing depends on at the moment, and that is found elsewhere. */
const STRAYS = {
  scenarios: ["dma-pool/ranges/stay"],
  verdict: "failed",
  reason: "private pool: ranges were",
  link: `${REPOSITORY}/pull/2475`,
  note: "See pool-moves-upgrade; where no state of the pool is saved, nobody notices.",
} as const;

const BOTH_HAVE_ONE = {
  placement: "roomy",
  lifetime: "Default",
  "writer.pool": "privatepool",
  "reader.pool": "privatepool",
} as const;

const BOOTLESS = {
  verdict: "crashed",
  reason: "failed to allocate VTL2 pool",
  link: `${REPOSITORY}/pull/3312`,
} as const;

/** Hardly more memory than the pool needs, and one of two devices kept. */
const SCARCE_POOL = {
  placement: "scarce",
  "writer.host": "host",
  "writer.pool": "privatepool",
  "reader.pool": "privatepool",
  devices: "nvme+mana",
} as const;

const SCARCE = {
  verdict: "refused",
  reason: "unable to allocate page pool",
  link: `${REPOSITORY}/pull/4458`,
} as const;

export const MEMORY: readonly Expectation[] = [
  {
    ...MOVES,
    name: "pool-moves-upgrade",
    factors: {
      ...KEPT,
      lifetime: "Default",
      writer: "2505",
      reader: SINCE_2511,
      request: NVME_ASKED,
    },
    link: `${REPOSITORY}/pull/2475`,
    note:
      "2505 puts the pool right behind its image and tells nobody where; newer releases put it " +
      "at the top of memory. Read out of the code, not seen on hardware.",
  },
  {
    ...MOVES,
    name: "pool-moves-downgrade",
    factors: {
      ...KEPT,
      lifetime: "Default",
      writer: SINCE_2511,
      reader: "2505",
      request: NVME_ASKED,
    },
    link: `${REPOSITORY}/pull/2475`,
    note: "As pool-moves-upgrade: 2505 does not look for the region that newer releases keep.",
  },
  {
    ...MOVES,
    name: "pool-moves-downgrade-of-mana",
    factors: {
      ...KEPT,
      lifetime: "Default",
      writer: SINCE_2511,
      "writer.mana": ["mana-on", "mana-as-nvme"],
      reader: "2505",
      request: "mana",
      devices: "nvme+mana",
    },
    link: `${REPOSITORY}/pull/2475`,
    note: "See pool-moves-downgrade.",
  },
  {
    ...MOVES,
    name: "pool-moves-downgrade-of-mana-alone",
    factors: {
      placement: "roomy",
      lifetime: "Default",
      writer: SINCE_2511,
      "writer.host": "nohost",
      "writer.pool": "privatepool",
      "writer.mana": "mana-on",
      reader: "2505",
      "reader.pool": "privatepool",
      request: ["mana", "nvme+mana"],
      devices: "nvme+mana",
    },
    link: `${REPOSITORY}/pull/2475`,
    note: "See pool-moves-downgrade, and mana-alone-downgrade for where the pool is in its place.",
    mayPass: true,
  },
  {
    ...MOVES,
    name: "pool-moves-with-a-bigger-image",
    factors: {
      ...KEPT,
      lifetime: "Default",
      writer: "2505",
      reader: "2505",
      request: NVME_ASKED,
      "writer.image": "usual",
      "reader.image": "bigger",
    },
    link: `${REPOSITORY}/pull/2475`,
    note: "2505 puts the pool behind its image at every boot, and this image ends later.",
  },
  {
    ...MOVES,
    name: "pool-moves-with-a-smaller-image",
    factors: {
      ...KEPT,
      lifetime: "Default",
      writer: "2505",
      reader: "2505",
      request: NVME_ASKED,
      "writer.image": "bigger",
      "reader.image": "usual",
    },
    link: `${REPOSITORY}/pull/2475`,
    note: "2505 puts the pool behind its image at every boot, and this image ends earlier.",
  },
  {
    ...STRAYS,
    name: "pool-strays-upgrade",
    factors: { ...BOTH_HAVE_ONE, writer: "2505", reader: SINCE_2511 },
  },
  {
    ...STRAYS,
    name: "pool-strays-downgrade",
    factors: { ...BOTH_HAVE_ONE, writer: SINCE_2511, reader: "2505" },
  },
  ...[
    ["usual", "bigger"],
    ["bigger", "usual"],
  ].map(([before = "", after = ""]) => ({
    ...STRAYS,
    name: `pool-strays-before-a-${after}-image`,
    factors: {
      ...BOTH_HAVE_ONE,
      writer: "2505",
      reader: "2505",
      "writer.image": before,
      "reader.image": after,
    },
  })),
  {
    ...BOOTLESS,
    name: "pool-does-not-split-at-boot",
    factors: { placement: "numa", first: "2505", writer: "2505", "writer.pool": "privatepool" },
    note: "2505 only takes a pool in one piece; where no NUMA node has room for it, it panics.",
  },
  {
    ...BOOTLESS,
    name: "pool-does-not-split-for-anybody",
    factors: { placement: "numa", first: "2505", writer: "2505", "writer.pool": "privatepool" },
    scenarios: [
      "upgrade-principles/*",
      "save-failures/*",
      "restore-failures/*",
      "devices-after-failed-save/*",
      "timeouts/*",
    ],
    note: "See pool-does-not-split-at-boot; nothing was saved that could be restored.",
  },
  {
    ...BOOTLESS,
    name: "pool-does-not-split-at-restore",
    factors: { placement: "numa", reader: "2505", "reader.pool": "privatepool" },
    note: "See pool-does-not-split-at-boot; the writer either split its pool or had none.",
  },
  {
    ...SCARCE,
    name: "scarce-memory-beside-what-is-lost",
    factors: { ...SCARCE_POOL, request: "mana" },
    note: "As one-keepalive-flag-of-two: pages of who is not taken over are not free for others.",
    mayPass: true,
  },
  {
    ...SCARCE,
    name: "scarce-memory-beside-mana-that-is-lost",
    factors: { ...SCARCE_POOL, "writer.mana": "mana-off", request: NVME_ASKED },
    note: "See scarce-memory-beside-what-is-lost; by the options of the boot MANA is not kept.",
    mayPass: true,
  },
  {
    ...SCARCE,
    name: "scarce-memory-beside-mana-is-not-foretold",
    factors: { ...SCARCE_POOL, "writer.mana": "mana-off", request: NVME_ASKED },
    scenarios: ["oracle/keepalive-mismatch"],
    verdict: "failed",
    note: "See scarce-memory-beside-mana-that-is-lost; the table knows nothing of scarce memory.",
    mayPass: true,
  },
  {
    name: "scarce-queues-fall-back",
    factors: { placement: "scarce" },
    scenarios: ["servicing-basic/logs/have-no-error"],
    verdict: "failed",
    reason: "failed to create io queue, falling back",
    link: `${REPOSITORY}/blob/main/vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs`,
    note: "Without memory for its queue a processor shares one; if it asks depends on its I/O.",
    mayPass: true,
  },
  {
    name: "pool-does-not-split-is-a-crash",
    factors: { placement: "numa", reader: "2505", "reader.pool": "privatepool" },
    scenarios: ["upgrade-principles/restore/does-not-crash"],
    verdict: "failed",
    reason: "failed to allocate VTL2 pool",
    link: SHIM_2505,
    note: "See pool-does-not-split-at-restore.",
  },
];
