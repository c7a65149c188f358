/**
 * What a guest keeps in its memory to know itself again: a nonce that is written once, when it
 * boots, a tick that goes on for as long as it runs, and pages whose content it knows by heart. A
 * guest that was rebooted has lost the first, one that stood still the second, and one whose memory
 * was damaged the third.
 *
 * @module
 */
import { addressAt } from "../bytes/read_little_endian.ts";
import { putAddress, putU32 } from "../bytes/write_little_endian.ts";
import { GUEST, PAGE_SIZE, type PhysicalMemory } from "../memory/mod.ts";

/** Page frames of the guest: 1 GiB from 0, below every pool of OpenHCL. */
export const GUEST_PAGES = 0x4_0000;
/** Page with the nonce (octet 0) and the tick (octet 8). */
const SELF_PFN = 0x1000;
/** Pages known by heart. */
const KNOWN_PFN = 0x1010;
const KNOWN_PAGES = 8;
/** Factor of a linear congruential sequence (Numerical Recipes). */
const FACTOR = 1_664_525;
const STEP = 1_013_904_223;
/** Octets from one word of a known page to the next. */
const WORDS_APART = 256;

/** View of one guest on its memory. It holds nothing itself: what is not in memory is not there. */
export class GuestRam {
  readonly #memory: PhysicalMemory;

  constructor(memory: PhysicalMemory) {
    this.#memory = memory;
  }

  /** Fills the memory of a guest that boots. */
  boot(nonce: number): void {
    const { content, owners } = this.#memory;
    owners.lend(0, GUEST_PAGES, GUEST, true);
    putAddress(content.writable(SELF_PFN), 0, nonce);
    for (let page = 0; page < KNOWN_PAGES; page++) {
      fillKnown(content.writable(KNOWN_PFN + page), nonce + page);
    }
  }

  get nonce(): number {
    return addressAt(this.#memory.content.readable(SELF_PFN), 0);
  }

  get tick(): number {
    return addressAt(this.#memory.content.readable(SELF_PFN), 8);
  }

  /** The guest has run for a moment. */
  advance(): void {
    const tick = this.tick + 1;
    putAddress(this.#memory.content.writable(SELF_PFN), 8, tick);
  }

  /** Page frames whose content is not what the guest with `nonce` has written. */
  damaged(nonce: number): number[] {
    const pfns: number[] = [];
    for (let page = 0; page < KNOWN_PAGES; page++) {
      const pfn = KNOWN_PFN + page;
      if (!holdsKnown(this.#memory.content.readable(pfn), nonce + page)) pfns.push(pfn);
    }
    return pfns;
  }
}

/**
 * One octet all over, which native code fills and compares at once, and words that no two pages
 * share.
 */
function fillKnown(octets: Uint8Array, seed: number): void {
  octets.fill(seed % 251);
  let word = seed >>> 0;
  for (let offset = 0; offset < PAGE_SIZE; offset += WORDS_APART) {
    word = (Math.imul(word, FACTOR) + STEP) >>> 0;
    putU32(octets, offset, word);
  }
}

const scratch = new Uint8Array(PAGE_SIZE);

function holdsKnown(octets: Uint8Array, seed: number): boolean {
  fillKnown(scratch, seed);
  return Buffer.compare(octets, scratch) === 0;
}
