/**
 * OpenHCL 2411: no keepalive. It opens every device without a reset and initialises it; a
 * controller that is still enabled gets CC.EN=0 first, and what was in flight is lost. Source:
 * microsoft/openvmm, release/2411, nvme_driver and underhill_core's nvme_manager.
 *
 * @module
 */
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";

export const RELEASE_2411: NvmeRelease = { ...RELEASE_2505, name: "2411", keepsDevices: false };
