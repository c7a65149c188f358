/**
 * OpenHCL 1.8.2607 and main: queues are restored lazily only when the writer has said that they may
 * be, because devices exist that need their interrupt vectors in order. Source: microsoft/openvmm,
 * release/1.8.2607 and main, nvme_driver driver.rs `restore`.
 *
 * @module
 */
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2511 } from "./release_2511.ts";

export const RELEASE_2607: NvmeRelease = {
  ...RELEASE_2511,
  name: "1.8.2607",
  inspectDropsCreation: false,
  savedAllowLazyRestore: true,
  restoresLazily: (worker) => worker.allow_lazy_restore === true,
  restoresByVector: true,
  clearedEntrySupportsSaveRestore: false,
};

export const RELEASE_MAIN: NvmeRelease = { ...RELEASE_2607, name: "main" };
