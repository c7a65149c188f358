/**
 * Errors of requests to a device, in upstream's words. Source: microsoft/openvmm, nvme_driver
 * queue_pair.rs `RequestError` and `NvmeError`.
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";

/** By status code type. */
const TYPES = ["general", "command-specific", "media", "path-related"];

/** A command that the controller has answered with `status`. */
export function nvmeError(status: number): ChainError {
  const type = TYPES[(status >>> 8) & 0x7] ?? "vendor-specific";
  const code = (status & 0xff).toString(16);
  return new ChainError("nvme error", new ChainError(`NVMe SCT ${type} error, SC: 0x${code}`));
}

/** A request to a queue that works no more. */
export function gone(): ChainError {
  return new ChainError("queue pair is gone");
}

/** A request that does not fit into the pages of a queue. */
export function tooLarge(): ChainError {
  return new ChainError("i/o too large for double buffering");
}
