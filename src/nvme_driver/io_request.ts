/**
 * A guest's request to a disk, and what becomes of it. Source: microsoft/openvmm, nvme_driver
 * namespace.rs.
 *
 * @module
 */
import type { ChainError } from "../machine/mod.ts";

/** Blocks that are read into, or written from, the guest's memory. */
export interface TransferRequest {
  readonly opcode: "READ" | "WRITE";
  readonly nsid: number;
  readonly lba: number;
  readonly blocks: number;
  /** Page frames of the guest, and where the data starts in the first of them. */
  readonly pfns: readonly number[];
  readonly offset: number;
}

/** Ranges of blocks whose content is not needed any more. */
export interface DeallocateRequest {
  readonly opcode: "DSM";
  readonly nsid: number;
  readonly ranges: readonly { readonly lba: number; readonly blocks: number }[];
}

export type IoRequest =
  | TransferRequest
  | DeallocateRequest
  | { readonly opcode: "FLUSH"; readonly nsid: number };

/** What a request has come to. */
export interface IoOutcome {
  /** Status of the completion; null when the request has never come that far. */
  readonly status: number | null;
  readonly error: ChainError | null;
}

/** Called once, unless the driver is saved before. */
export type Done = (outcome: IoOutcome) => void;
