/**
 * Where two servicing states differ that one release has decoded. Lists whose order means nothing
 * are compared by what names their elements, and blobs by the messages inside them.
 *
 * @module
 */
import { codecFor } from "../../src/mesh/mod.ts";
import { blobMessage, type ServicingState } from "../../src/openhcl_state/mod.ts";
import { type Difference, differenceOf } from "../sight.ts";

type Fields = Readonly<Record<string, unknown>>;
type Blob = { readonly type_url: string; readonly value: Uint8Array };

/** Fields with lists in any order, and the field that tells their elements apart. */
const KEYS: Readonly<Record<string, string>> = {
  units: "name",
  nvme_disks: "pci_id",
  mana_state: "pci_id",
  io: "cpu",
  /** Of a pool. */
  state: "base_pfn",
  netvsp_state: "instance_id",
  network_adapter_index: "mac_address",
};

/** Every place where `is` differs from `was`, such as `units.vmtime.vmtime`. */
export function savedDifferences(
  was: ServicingState,
  is: ServicingState,
  release: string,
): readonly Difference[] {
  const comparison = new SavedComparison(release);
  comparison.compare(was, is);
  return comparison.found;
}

class SavedComparison {
  readonly found: Difference[] = [];
  readonly #release: string;
  readonly #names: string[] = [];

  constructor(release: string) {
    this.#release = release;
  }

  compare(was: unknown, is: unknown): void {
    if (Object.is(was, is)) return;
    if (!isComposite(was) || !isComposite(is) || was instanceof Uint8Array) {
      this.#compareLeaves(was, is);
    } else if (Array.isArray(was) && Array.isArray(is)) {
      this.#compareLists(was, is);
    } else if (isBlob(was) && isBlob(is)) {
      this.#compareBlobs(was, is);
    } else {
      for (const name in was) this.#enter(name, (was as Fields)[name], (is as Fields)[name]);
      for (const name in is) {
        if (!(name in was)) this.#enter(name, undefined, (is as Fields)[name]);
      }
    }
  }

  #compareLists(was: readonly unknown[], is: readonly unknown[]): void {
    const key = KEYS[this.#names.at(-1) ?? ""];
    if (key === undefined) {
      const length = Math.max(was.length, is.length);
      for (let at = 0; at < length; at++) this.#enter(`${at}`, was[at], is[at]);
      return;
    }
    const [before, after] = [byKey(was, key), byKey(is, key)];
    for (const [name, element] of before) this.#enter(name, element, after.get(name));
    for (const [name, element] of after) {
      if (!before.has(name)) this.#enter(name, undefined, element);
    }
  }

  #compareBlobs(was: Blob, is: Blob): void {
    if (differenceOf(was.value, is.value) === undefined) return;
    const message = blobMessage(was.type_url, this.#release);
    if (message === undefined || was.type_url !== is.type_url) {
      this.#compareLeaves(was, is);
      return;
    }
    const codec = codecFor(message, this.#release);
    this.compare(codec.decode(was.value), codec.decode(is.value));
  }

  #enter(name: string, was: unknown, is: unknown): void {
    this.#names.push(name);
    this.compare(was, is);
    this.#names.pop();
  }

  #compareLeaves(was: unknown, is: unknown): void {
    const difference = differenceOf({ value: was }, { value: is });
    if (difference === undefined) return;
    const place = this.#names.join(".");
    this.found.push({ place, words: place + difference.slice("value".length) });
  }
}

function isComposite(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isBlob(value: object): value is Blob {
  return "type_url" in value && "value" in value && value.value instanceof Uint8Array;
}

function byKey(list: readonly unknown[], key: string): ReadonlyMap<string, unknown> {
  return new Map(list.map((element) => [nameOf((element as Fields)[key]), element]));
}

function nameOf(key: unknown): string {
  if (!isComposite(key)) return `${key}`;
  return Object.values(key).map(nameOf).join("-");
}
