/**
 * A NODE_DATA record that is read when it is looked at: a store has a hundred thousand of them,
 * and few are looked at in full.
 *
 * @module
 */
import type { OctetView } from "../bytes/octet_view.ts";
import { RECORD_HEADER_SIZE } from "./layout.ts";
import type { Kept, NodeData, Perm } from "./record.ts";

/** Permissions are few and stand on many nodes. */
const PERMS_MAX = 4096;
const known = new Map<number, Perm>();

/** The permission with these fields; the same object each time, as long as there are few. */
export function permOf(octet: number, flags: number, domid: number): Perm {
  const key = (octet * 256 + flags) * 65536 + domid;
  const perm = known.get(key);
  if (perm !== undefined) return perm;
  if (known.size >= PERMS_MAX) known.clear();
  const made = Object.freeze({ perm: String.fromCharCode(octet), flags, domid });
  known.set(key, made);
  return made;
}

/** Octets of a NODE_DATA body without permissions, path and value, in every layout. */
export const NODE_HEAD_SIZE = 16;

export class ReadNode implements NodeData {
  readonly kind = "NODE_DATA";
  /** Place of the body in the stream. */
  readonly body: number;
  readonly access: number;
  readonly permsAt: number;
  readonly permCount: number;
  readonly pathAt: number;
  /** Including the NUL. */
  readonly pathLength: number;
  readonly valueLength: number;
  length?: number;
  kept?: readonly Kept[];
  readonly #view: OctetView;

  /** The head and the permissions must be inside of the stream. */
  constructor(view: OctetView, body: number, isDraft: boolean) {
    this.#view = view;
    this.body = body;
    this.access = view.u16(body + (isDraft ? 8 : 12));
    this.permCount = view.u16(body + (isDraft ? 10 : 14));
    this.permsAt = body + (isDraft ? 12 : 16);
    const permsEnd = this.permsAt + 4 * this.permCount;
    const lengths = isDraft ? permsEnd : body + 8;
    this.pathLength = view.u16(lengths);
    this.valueLength = view.u16(lengths + 2);
    this.pathAt = isDraft ? permsEnd + 4 : permsEnd;
  }

  /** Place behind the value. */
  get end(): number {
    return this.pathAt + this.pathLength + this.valueLength;
  }

  get offset(): number {
    return this.body - RECORD_HEADER_SIZE;
  }

  get connId(): number {
    return this.#view.u32(this.body);
  }

  get txId(): number {
    return this.#view.u32(this.body + 4);
  }

  get perms(): readonly Perm[] {
    const { octets } = this.#view;
    const perms: Perm[] = [];
    for (let index = 0; index < this.permCount; index++) {
      const at = this.permsAt + 4 * index;
      perms.push(permOf(octets[at] ?? 0, octets[at + 1] ?? 0, this.#view.u16(at + 2)));
    }
    return perms;
  }

  get path(): string {
    return this.#view.text(this.pathAt, this.pathAt + this.pathLength - 1);
  }

  get value(): Uint8Array {
    const at = this.pathAt + this.pathLength;
    return this.#view.octets.subarray(at, at + this.valueLength);
  }
}
