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
}
