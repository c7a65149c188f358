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

/** Fields with lists in any order, and what tells their elements apart: fields, joined. */
const KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  units: [["name"]],
  nvme_disks: [["pci_id"]],
  mana_state: [["pci_id"]],
  io: [["cpu"]],
  /** Of a pool. */
  state: [["base_pfn"]],
  netvsp_state: [["instance_id"]],
  network_adapter_index: [["mac_address"]],
  /** Of a VMBus server; a channel that goes and the one in its place have the same key. */
  channels: [["channel_id"], ["id"]],
  /** A guest may use an id once for each channel. */
  gpadls: [
    ["channel_id", "id"],
    ["channel_id", "gpadl_id"],
  ],
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

/** Most differences are nobody's business, so their words wait until they are asked for. */
class SavedDifference implements Difference {
  readonly place: string;
  readonly #was: unknown;
  readonly #is: unknown;

  constructor(place: string, was: unknown, is: unknown) {
    this.place = place;
    this.#was = was;
    this.#is = is;
  }

  get words(): string {
    const words = differenceOf({ value: this.#was }, { value: this.#is }) ?? "";
    return this.place + words.slice("value".length);
  }
}

class SavedComparison {
  readonly found: Difference[] = [];
  readonly #release: string;
  readonly #names: (string | number)[] = [];

  constructor(release: string) {
    this.#release = release;
  }

  compare(was: unknown, is: unknown): void {
    if (Object.is(was, is)) return;
    if (!isComposite(was) || !isComposite(is)) this.#add(was, is);
    else if (was instanceof Uint8Array && is instanceof Uint8Array) {
      if (!sameOctets(was, is)) this.#add(was, is);
    } else if (Array.isArray(was) && Array.isArray(is)) this.#compareLists(was, is);
    else if (isBlob(was) && isBlob(is)) this.#compareBlobs(was, is);
    else this.#compareFields(was as Fields, is as Fields);
  }

  /** One codec has decoded both, so that they have the same fields. */
  #compareFields(was: Fields, is: Fields): void {
    // V8 makes a loop over the names in an object for one shape, and there are hundreds.
    for (const name of Object.keys(was)) this.#enter(name, was[name], is[name]);
  }

  #compareLists(was: readonly unknown[], is: readonly unknown[]): void {
    const keys = KEYS[this.#names.at(-1) ?? ""];
    const key = keys?.find((fields) => hasKey(was, fields) && hasKey(is, fields));
    if (key !== undefined) {
      const [before, after] = [byKey(was, key), byKey(is, key)];
      for (const [name, element] of before) this.#enter(name, element, after.get(name));
      for (const [name, element] of after) {
        if (!before.has(name)) this.#enter(name, undefined, element);
      }
      return;
    }
    const length = Math.max(was.length, is.length);
    for (let at = 0; at < length; at++) this.#enter(at, was[at], is[at]);
  }

  #compareBlobs(was: Blob, is: Blob): void {
    if (sameOctets(was.value, is.value)) return;
    const message = blobMessage(was.type_url, this.#release);
    if (message === undefined || was.type_url !== is.type_url) {
      this.#add(was, is);
      return;
    }
    const codec = codecFor(message, this.#release);
    this.compare(codec.decode(was.value), codec.decode(is.value));
  }

  #enter(name: string | number, was: unknown, is: unknown): void {
    if (Object.is(was, is)) return;
    this.#names.push(name);
    this.compare(was, is);
    this.#names.pop();
  }

  #add(was: unknown, is: unknown): void {
    this.found.push(new SavedDifference(this.#names.join("."), was, is));
  }
}

function isComposite(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isBlob(value: object): value is Blob {
  return "type_url" in value && "value" in value && value.value instanceof Uint8Array;
}

/** Other lists may be called the same. */
function hasKey(list: readonly unknown[], key: readonly string[]): boolean {
  return list.every((element) => isComposite(element) && key.every((field) => field in element));
}

function byKey(list: readonly unknown[], key: readonly string[]): ReadonlyMap<string, unknown> {
  const named = new Map<string, unknown>();
  for (const element of list) named.set(keyOf(element as Fields, key), element);
  return named;
}

function keyOf(element: Fields, [first = "", ...others]: readonly string[]): string {
  const name = nameOf(element[first]);
  return others.length === 0 ? name : [name, ...others.map((it) => nameOf(element[it]))].join("-");
}

function nameOf(key: unknown): string {
  if (typeof key === "string") return key;
  return isComposite(key) ? Object.values(key).map(nameOf).join("-") : `${key}`;
}

function sameOctets(was: Uint8Array, is: Uint8Array): boolean {
  if (was.length !== is.length) return false;
  for (let at = 0; at < was.length; at++) if (was[at] !== is[at]) return false;
  return true;
}
