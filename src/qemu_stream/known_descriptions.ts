/**
 * Descriptions that were read before: a release says the same of a machine in stream after stream,
 * and what it says takes longer to read than what it is about.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Description } from "./description.ts";
import { readDescription } from "./description_reader.ts";
import { KnownDevices } from "./known_devices.ts";

/** Descriptions that are kept, each of some hundred kilobytes. */
const KEPT_MAX = 32;

interface Known {
  readonly octets: Uint8Array;
  readonly description: Description;
}

export class KnownDescriptions {
  /** The one that was asked for last is the last. */
  readonly #known: Known[] = [];
  readonly #devices = new KnownDevices();

  /** What {@linkcode readDescription} makes of `octets`; it throws each time that it throws. */
  read(octets: Uint8Array, offset: number): Description {
    const at = this.#known.findLastIndex((known) => Buffer.compare(known.octets, octets) === 0);
    const [found] = at < 0 ? [] : this.#known.splice(at, 1);
    const known = found ?? {
      octets: octets.slice(),
      description: readDescription(octets, offset, this.#devices),
    };
    this.#known.push(known);
    if (this.#known.length > KEPT_MAX) this.#known.shift();
    return known.description;
  }
}
