/**
 * The time that machines live in. It stands still while anything can run.
 *
 * @module
 */
/** 2026-01-01: a start time of zero would be no valid one. */
const EPOCH_MS = 1_767_225_600_000;

export class VirtualClock {
  nowMs: number;
  /** Off where somebody else moves the time, such as a server that follows the real one. */
  mayJump: boolean;

  constructor(nowMs = EPOCH_MS, mayJump = true) {
    this.nowMs = nowMs;
    this.mayJump = mayJump;
  }

  /** In seconds since 1970, as the interface counts. */
  get nowSeconds(): number {
    return this.nowMs / 1000;
  }
}
