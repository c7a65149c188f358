/** The guest: what runs on the machine and outlives every restart, as it sees itself. */
export interface Guest {
  /** Number in its memory that it wrote when it booted; a reboot changes it. */
  nonce(): number;
  /** Count in its memory that goes on for as long as it runs. */
  tick(): number;
  /** Page frames whose content is not what it has written there. */
  damagedPages(): readonly number[];
  io(): IoTotals;
  traffic(): TrafficTotals;
  /** What a bus did that its protocol does not allow, in words. */
  complaints(): readonly string[];
}

/** Storage requests since the first boot. */
export interface IoTotals {
  readonly issued: number;
  readonly done: number;
  readonly failed: number;
  readonly outstanding: number;
  /**
   * What must not happen to a request, in words: answered twice, answered without having been
   * issued, failed, or with other content than the ledger allows.
   */
  readonly oddities: readonly string[];
}

/** Packets on rings whose other end sends each one back. */
export interface TrafficTotals {
  readonly sent: number;
  readonly returned: number;
  /** Packets that came twice, out of order, or were never sent, in words. */
  readonly oddities: readonly string[];
}
