/**
 * Deviations of known implementations, off by default: what each does otherwise.
 *
 * Source: xen-api e2ee48d688, where the window and the unregistered VIFs were seen; X1 to X9 are
 * those of its simulator, ocaml/xenopsd/lib/xenops_server_simulator.ml.
 *
 * @module
 */
export const QUIRKS = {
  "late-marker": "a domain is created first and marked as half-built afterwards",
  "unmarked-shutdown": "a domain that is being ended is not marked as such",
  "vifs-unregistered": "after a restart, VIFs are not among the first updates",
  "X1-never-paused": "a domain without work is Running, never Paused",
  "X2-never-active": "set_active of VBDs and VIFs does nothing",
  "X3-no-consoles": "there are no consoles, and memory is said to be 0",
  "X4-no-marker": "half-built domains are not marked",
  "X5-no-scan": "domains are not looked at after a restart",
  "X6-no-migrate": "VUSBs are never plugged, VGPUs do not start, VMs do not migrate",
  "X7-unplug-once": "to unplug what is not plugged fails",
  "X8-no-image": "suspend images have no content",
  "X9-no-halted-export": "metadata of a halted VM cannot be exported",
} as const;

export type Quirk = keyof typeof QUIRKS;
