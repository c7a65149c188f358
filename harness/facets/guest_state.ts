/** The guest's own persistent state: VMGS file and firmware settings. */
export interface GuestState {
  /** Where this hop took its VMGS from. */
  source(): "saved" | "disk" | "none";
  /** How the open VMGS differs from what stands on the disk, in words; null when it does not. */
  disagreement(): string | null;
  /** Named settings of firmware, clock and platform that a guest can read, as text. */
  settings(): ReadonlyMap<string, string>;
}
