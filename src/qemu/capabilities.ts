/**
 * Capabilities of a migration: what an end can do beyond the stream of old. A management tool asks
 * both ends, and sets what both have on both. An end that does not know the question has none.
 *
 * Source: QEMU wiki, Features/Migration/Next, "Future Proofing".
 *
 * @module
 */

/** Bits of the mask. A bit that is not here is one of a release to come. */
export const CAPABILITIES = {
  /** State may come in the form of another revision than its writer's own. */
  transformation: 1n << 0n,
  /** The transport names what it carries. */
  selfDescribing: 1n << 1n,
} as const;

export type Capability = keyof typeof CAPABILITIES;

/** The end of a migration that the tool talks to. */
export interface End {
  /** Answer of `query-migration-capabilities`; undefined when there is no such command. */
  query(): bigint | undefined;
  /** `set-migration-capabilities`; bits that it has not are an error. */
  set(mask: bigint): void;
}

/** What a release has. Starts with nothing set, which is the stream of old. */
export class CapabilitySet implements End {
  readonly #supported: bigint | undefined;
  #chosen = 0n;

  /** Without `supported` it does not know the commands. */
  constructor(supported?: readonly Capability[]) {
    this.#supported = supported?.reduce((mask, name) => mask | CAPABILITIES[name], 0n);
  }

  query(): bigint | undefined {
    return this.#supported;
  }

  set(mask: bigint): void {
    const unknown = mask & ~(this.#supported ?? 0n);
    if (mask < 0n || unknown !== 0n) {
      throw new RangeError(
        `Cannot set capabilities as it must have them all: unknown are 0x${unknown.toString(16)}`,
      );
    }
    this.#chosen = mask;
  }

  has(name: Capability): boolean {
    return (this.#chosen & CAPABILITIES[name]) !== 0n;
  }
}

/** What a management tool does before a migration. Returns the mask that both ends have now. */
export function negotiate(source: End, destination: End): bigint {
  const both = (source.query() ?? 0n) & (destination.query() ?? 0n);
  for (const end of [source, destination]) {
    if (end.query() !== undefined) end.set(both);
  }
  return both;
}
