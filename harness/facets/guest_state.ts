/** The guest's own persistent state: VMGS file and firmware settings. */
export interface GuestState {
  /** Where this hop took its VMGS from. */
  source(): "saved" | "disk" | "none";
  /** Named settings of firmware, clock and platform that a guest can read, as text. */
  settings(): ReadonlyMap<string, string>;
}
