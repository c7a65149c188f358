/**
 * What stands before and behind the content of a section.
 *
 * Source: QEMU, migration/savevm.c, save_section_header(), save_section_footer().
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import { CutError } from "./error.ts";
import { FOOTER, PARTS, type Section, type SectionType } from "./stream.ts";

/** Who saved a section. */
export type Head = Pick<Section, "idstr" | "instanceId" | "version" | "sectionId">;

export const SECTION_TYPES: Readonly<Record<number, SectionType>> = {
  [PARTS.START]: "START",
  [PARTS.PART]: "PART",
  [PARTS.END]: "END",
  [PARTS.FULL]: "FULL",
};

/** Reads a head, of which the first octet was read; later pieces have that of their START. */
export function readHead(
  cursor: Cursor,
  type: SectionType,
  begun: ReadonlyMap<number, Head>,
): Head {
  const { at } = cursor;
  const sectionId = cursor.u32("section_id");
  if (type === "PART" || type === "END") {
    const head = begun.get(sectionId);
    if (head !== undefined) return head;
    throw cursor.error(`section ${sectionId} must have begun`, "section_id", at);
  }
  const idstr = cursor.shortText("idstr");
  const instanceId = cursor.u32("instance_id");
  return { sectionId, idstr, instanceId, version: cursor.u32("version_id") };
}

/** Whether a footer follows. All sections have one, or none has. */
export function readFooter(cursor: Cursor, head: Head, demanded: boolean | undefined): boolean {
  const { at, peeked } = cursor;
  // Whatever comes next, a section is never the end of a stream.
  if (peeked === undefined) throw new CutError("must go on", cursor.offset, head.idstr);
  const isThere = peeked === FOOTER;
  if (demanded !== undefined && demanded !== isThere) {
    const what = demanded ? "must have" : "must have no";
    throw cursor.error(`${what} footer, as the first section`, head.idstr, at);
  }
  if (!isThere) return false;
  cursor.u8("footer");
  const sectionId = cursor.u32("footer");
  if (sectionId === head.sectionId) return true;
  const reason = `must be that of section ${head.sectionId}: current value is ${sectionId}`;
  throw cursor.error(reason, `${head.idstr} footer`, at);
}
