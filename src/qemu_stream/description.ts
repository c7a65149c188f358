/**
 * What a stream says of itself: the names, types and sizes of the fields of its device sections,
 * in the order of the sections.
 *
 * Source: QEMU, migration/vmstate.c, vmsd_desc_field_start(); migration/savevm.c,
 * should_send_vmdesc(). Sizes are of one element; a structure has its own description under
 * `struct`, and one that is saved through another type or version has it in the field itself.
 *
 * @module
 */

/** Fields in the order of the wire, then the subsections that were sent. */
export interface BodyDescription {
  /** Name of the structure; what an old device saves by hand has none. */
  readonly vmsd: string;
  readonly version: number;
  readonly fields: readonly FieldDescription[];
  readonly subsections: readonly BodyDescription[];
}

export interface FieldDescription {
  readonly name: string;
  readonly type: string;
  /** Octets of one element. */
  readonly size: number;
  /** Elements, when the field is a run of an array. */
  readonly arrayLength?: number;
  /** Index of the first element, when the field is an array or a part of one. */
  readonly first?: number;
  readonly body?: BodyDescription;
}

export interface DeviceDescription extends BodyDescription {
  /** `idstr` of its section. */
  readonly name: string;
  /** Not always that of the section: some releases say 0 for all of them. */
  readonly instanceId: number;
}

export interface Description {
  readonly pageSize: number;
  readonly configuration?: BodyDescription;
  readonly devices: readonly DeviceDescription[];
}
