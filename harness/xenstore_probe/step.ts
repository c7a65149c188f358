/**
 * One step of a sequence: a request that a client makes, or something that happens to a domain.
 * Steps refer to transactions by name, so that a sequence keeps its meaning when some are left out.
 *
 * @module
 */

export interface Step {
  /**
   * `c0`, `c1`, ...: clients of domain 0 on the socket; `dom5`: domain 5 on its ring; `xen`: not a
   * request, `kind` says what happens to the domain in `body`.
   */
  readonly client: string;
  /**
   * Name of the type on the wire, `type-99`, {@linkcode LEAVE}, or one of
   * {@linkcode EVENTS_OF_DOMAINS}.
   */
  readonly kind: string;
  /** Transaction that the request is part of: a name, a number, or nothing. */
  readonly tx: string;
  /** Name for the transaction that the request starts. */
  readonly opens: string;
  /** One character an octet; `%d` is the number of the repetition, if there are any. */
  readonly body: string;
  /** Times that the request is made. */
  readonly times: number;
}

/** A client of domain 0 sends `body` as it is, and is gone without reading anything more. */
export const LEAVE = "LEAVE";

/** Things that the hypervisor does. */
export const EVENTS_OF_DOMAINS: readonly string[] = ["CREATE", "SHUTDOWN", "DESTROY"];

/** Domains that exist at the beginning; none of them is introduced then. */
export const DOMAINS_AT_FIRST: readonly number[] = [5, 6, 7, 8];

export function step(client: string, kind: string, body: string, more: Partial<Step> = {}): Step {
  return { client, kind, body, tx: "", opens: "", times: 1, ...more };
}

/** The domain that speaks as `client` on a ring. */
export function ringOf(client: string): number | undefined {
  return client.startsWith("dom") ? Number(client.slice(3)) : undefined;
}
