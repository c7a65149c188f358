/**
 * Records of `fixtures/xenopsd`, and a VM, for tests.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { METADATA, readJson, type Vm } from "../xenops_interface/mod.ts";

const FOLDER = new URL("../../fixtures/xenopsd/", import.meta.url);

/** The text of a file, such as `records/metadata_2014.json`. */
export function recordText(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}

/** The VM of the metadata of 2014, an HVM guest, with some of its fields changed. */
export function vmWith(changes: Partial<Vm> = {}): Vm {
  const { vm } = METADATA.decode(readJson(recordText("records/metadata_2014.json")));
  return { ...vm, ...changes };
}

/** The part of a PV guest and of what is like it. */
export const PV_BUILDER: Vm["ty"] = [
  "PV",
  {
    boot: ["Direct", { kernel: "", cmdline: "console=hvc0" }],
    framebuffer: true,
    vncterm: true,
    pci_passthrough: false,
  },
];

export const HOST = {
  features_pv: "ffffffff-ffffffff",
  features_hvm: "ffffffff-ffffffff-ffffffff",
};
