/**
 * What may go wrong between a QEMU that writes and one that reads, by their descriptions alone.
 *
 * @module
 */

export type Severity = "breaks" | "may break" | "harmless";

export type Kind =
  /** The reader has no such type of device, or it saves nothing there. */
  | "section-absent"
  /** The type of the device has another name; its section has the same. */
  | "section-renamed"
  /** A section of another name: the reader does not know whose it is. */
  | "description"
  /** The reader takes no state as new, or as old, as that of the writer. */
  | "too-new"
  | "too-old"
  /** A structure within has another version; versions of such are not on the wire. */
  | "inner-version"
  /** One side describes no fields at all. */
  | "undescribed"
  | "field-removed"
  | "field-added"
  /** Another name for the same octets. */
  | "field-renamed"
  /** Other fields of as many octets. */
  | "field-replaced"
  | "size"
  | "count"
  /** A structure on one side, a value on the other. */
  | "shape"
  /** There or not, as the device decides, and always on the other side. */
  | "writer-decides"
  | "reader-decides"
  | "subsection-removed"
  | "subsection-added"
  /** The writer has two of one name. */
  | "subsection-twice";

export interface Difference {
  readonly kind: Kind;
  /** Type of the device. */
  readonly section: string;
  /** Fields and subsections down to what differs, from the description on. */
  readonly path: string;
  readonly severity: Severity;
  /** The same where the subsection, or the field that is there or not, is there. */
  readonly whenThere: Severity;
  /** Name of the innermost subsection around it, or of itself when it is one. */
  readonly subsection?: string;
  /** One line. */
  readonly reason: string;
}

/** State whose layout the dumps do not tell. */
export interface Opaque {
  readonly section: string;
  readonly path: string;
  readonly reason: string;
}

/** From one writer to one reader. */
export interface Comparison {
  readonly differences: readonly Difference[];
  readonly opaque: readonly Opaque[];
  /** Sections of the writer that were held against one of the reader. */
  readonly sectionCount: number;
}
