/**
 * What a guest that works without a break has seen so far: its memory, its disks, its rings.
 *
 * @module
 */
export interface Guest {
  /** How often it has gone on; kept in its memory, so that a reboot begins from zero. */
  tick(): number;
  /** Page frames whose content is not what the guest has written there. */
  damagedPages(): readonly number[];
  /** What became of its requests to disks; what is on the medium is checked with it. */
  io(): IoRecord;
  /** Packets through its rings. */
  traffic(): TrafficRecord;
  /** What its bus has done that it may not, oldest first. */
  complaints(): readonly string[];
  /** Version of its bus that it has agreed on, as on the wire; null while there is none. */
  busVersion?(): number | null;
}

export interface IoRecord {
  readonly issued: number;
  readonly done: number;
  readonly failed: number;
  readonly outstanding: number;
  /** Answers that came twice or failed, and content that is not what was written, in words. */
  readonly oddities: readonly string[];
}

export interface TrafficRecord {
  readonly sent: number;
  readonly returned: number;
  /** Packets that came twice, out of order, or changed, in words. */
  readonly oddities: readonly string[];
}
