/**
 * Seeded defects: real bugs of OpenHCL as changes to what a release does, so that each one can be
 * put into every release. Off unless a machine is asked for one.
 *
 * @module
 */
import type { NvmeRelease } from "../nvme_driver/mod.ts";
import type { ClientRules, ServerRules } from "../vmbus/mod.ts";
import type { Release } from "./release.ts";

/** A real bug, as what it changes. */
export interface SeededDefect {
  /** Kebab-case; says what goes wrong. */
  readonly name: string;
  /** Where the bug is described: a pull request, an issue or a file of upstream. */
  readonly link: string;
  /** What goes wrong and what of it a guest or host gets to feel, in a sentence or two. */
  readonly meaning: string;
  /** Releases that really have it, whose behaviour it therefore does not change. */
  readonly realIn?: readonly string[];
  /** What a release with the defect does differently. */
  changes(release: Release): Partial<Omit<Release, "name">>;
}

const REPOSITORY = "https://github.com/microsoft/openvmm";

/** The source of release 2505, for links to files. */
export const SOURCE_2505: string = `${REPOSITORY}/blob/release/2505`;

/** The link of a pull request or an issue. */
export function pull(number: number): string {
  return `${REPOSITORY}/pull/${number}`;
}

/** A defect of the NVMe driver. */
export function inNvme(changes: Partial<NvmeRelease>): SeededDefect["changes"] {
  return ({ nvme }) => ({ nvme: { ...nvme, ...changes } });
}

/** A defect of the VMBus server. */
export function inServer(changes: Partial<ServerRules>): SeededDefect["changes"] {
  return ({ vmbusServer }) => ({ vmbusServer: { ...vmbusServer, ...changes } });
}

/** A defect of the VMBus client. */
export function inClient(changes: Partial<ClientRules>): SeededDefect["changes"] {
  return ({ vmbusClient }) => ({ vmbusClient: { ...vmbusClient, ...changes } });
}
