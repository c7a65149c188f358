/**
 * What a guest can see of its machine, in whatever words its implementation has for it.
 *
 * @module
 */
export interface Observe {
  /** Looks, and changes nothing. */
  look(): Promise<Seen>;
  /** JSON pointers to what never goes back, such as `/uptime`. */
  readonly ticks: readonly string[];
  /** JSON pointers to what may change at will. */
  readonly volatile: readonly string[];
}

/** Any JSON value. */
export type Seen =
  | null
  | boolean
  | number
  | string
  | readonly Seen[]
  | { readonly [key: string]: Seen };
