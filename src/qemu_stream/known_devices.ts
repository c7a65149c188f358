/**
 * Descriptions of devices that were read before. Machines of one type have most devices in common,
 * and a release describes a device by the same text in each of them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { DeviceDescription } from "./description.ts";

/** Octets of texts that are kept; what they say takes a few times more. */
const KEPT_MAX = 8 * 1024 * 1024;

export class KnownDevices {
  /** By text, an octet each character. */
  readonly #known = new Map<string, DeviceDescription>();
  #kept = 0;

  /** What `read` makes of `octets`, which are the text of one device. */
  of(octets: Uint8Array, read: (octets: Uint8Array) => DeviceDescription): DeviceDescription {
    const { buffer, byteOffset, length } = octets;
    const text = Buffer.from(buffer, byteOffset, length).toString("latin1");
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const device = read(octets);
    if (this.#kept + length > KEPT_MAX) {
      this.#known.clear();
      this.#kept = 0;
    }
    this.#known.set(text, device);
    this.#kept += length;
    return device;
  }
}
