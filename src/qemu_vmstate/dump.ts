/**
 * What a QEMU says of the state of its devices without running any: the descriptions that its
 * option `-dump-vmstate` writes.
 *
 * It has devices only: neither RAM nor timers, processors or other sections without a device, and
 * neither the types of fields nor whether one is saved by a function of its own. Sizes are those in
 * the memory of the writer, which is that on the wire for plain values; of structures they mean
 * nothing. Lengths of arrays are there from 10.0 on.
 *
 * Source: QEMU, migration/savevm.c, dump_vmstate_json_to_file() and dump_vmstate_vmsd().
 *
 * @module
 */

/** A structure as it is saved. */
export interface Body {
  readonly name: string;
  readonly version: number;
  readonly minimumVersion: number;
  /** In the order of the wire; absent when nothing is described. */
  readonly fields: readonly Field[] | undefined;
  readonly subsections: readonly Body[];
}

export interface Field {
  readonly name: string;
  /** First version of its structure that has it. */
  readonly version: number;
  /** A function of the device decides whether it is saved. */
  readonly isConditional: boolean;
  /** Octets of an element; 0 when that depends on the device. */
  readonly size: number;
  /** Elements, where the release tells: it may be an array where it does not. */
  readonly count: number | undefined;
  readonly body: Body | undefined;
}

/** What devices of one type save. */
export interface Section {
  /** The type, as `-device` names it. */
  readonly type: string;
  readonly version: number;
  readonly minimumVersion: number;
  readonly body: Body | undefined;
}

export interface Dump {
  /** Machine type that QEMU was asked for. */
  readonly machine: string;
  readonly sections: ReadonlyMap<string, Section>;
}
