/**
 * Content of sections with their blobs opened, as people and comparisons want it.
 *
 * @module
 */
import { StreamError } from "./error.ts";
import type { Field } from "./field.ts";
import type { Section } from "./stream.ts";
import { isVirtio, openVirtio } from "./virtio.ts";

/** Why a blob stays closed. */
export interface Closed {
  readonly field: string;
  readonly reason: string;
  readonly offset: number;
}

export interface Opened {
  readonly content: Section["content"];
  readonly closed: readonly Closed[];
}

/** The content of `section`, in which a blob that cannot be opened stays as it is. */
export function openBlobs({ idstr, content }: Section): Opened {
  if (content.kind !== "fields" || !content.fields.some(isVirtio)) return { content, closed: [] };
  const closed: Closed[] = [];
  const fields = content.fields.map((field): Field => {
    if (!isVirtio(field)) return field;
    try {
      return openVirtio(field, idstr);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      closed.push({ field: field.name, reason: error.reason, offset: error.offset });
      return field;
    }
  });
  return { content: { ...content, fields }, closed };
}
