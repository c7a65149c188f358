/** What a host and an operator see of servicing. */
export interface Servicing {
  /** Correlation id of the operation that this hop was restored by; null after a fresh boot. */
  correlationId(): string | null;
  /** Keepalive as this hop's configuration decided it, by device class; `disabled` and others. */
  keepaliveMode(deviceClass: "nvme" | "mana"): string;
  /** Result of the flush of logs before the last restart; null after a fresh boot. */
  flushLogs(): { readonly durationUs: bigint; readonly error: string | null } | null;
  /** Time from stop to resume of the last servicing; null after a fresh boot. */
  blackoutUs(): number | null;
  /**
   * Processors that the hop before has named to the boot of this one, as they have to come up
   * first; null where nobody is told.
   */
  earlyProcessors?(): EarlyProcessors | null;
  /** Phases of the last servicing, without a gap from the stop to the guest's first answer. */
  blackout(): readonly PhaseRecord[];
}

export interface EarlyProcessors {
  /** With I/O in flight, in any order. */
  readonly withIo: readonly number[];
  /** With an interrupt and no I/O in flight. */
  readonly withInterrupt: readonly number[];
}

export interface PhaseRecord {
  readonly phase: string;
  /** Microseconds of the machine's own clock. */
  readonly us: number;
}
