/**
 * Where an embedded implementation is served as an adapter: standard input and output, a Unix
 * socket, or HTTP on this machine.
 *
 * @module
 */

/** One of the three. */
export type Place =
  | { readonly kind: "stdio" }
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "http"; readonly port: number };

export interface Serving {
  /** Where it is, as a configuration says it; empty for standard input and output. */
  readonly address: string;
  /** Settles when there is nobody left to serve. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}
