/** Is the machine up, and what has it said so far? */
export interface Lifecycle {
  /** True while the guest's processors run. */
  running(): boolean;
  /** A number that lives only in the guest's memory since its first boot; a reboot changes it. */
  nonce(): bigint;
  /** Log of this hop, oldest first: warnings and errors that a user would see. */
  log(): readonly LogLine[];
  /** Spans of this hop that have ended, in order of their start. */
  spans(): readonly SpanRecord[];
  /** The live tree of state, as the implementation shows it; plain JSON values. */
  inspect(): unknown;
}

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly text: string;
}

/** A span on the machine's own clock. */
export interface SpanRecord {
  readonly name: string;
  readonly correlationId: string | null;
  readonly startUs: number;
  readonly endUs: number;
}
