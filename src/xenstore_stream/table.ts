/**
 * A record as one line of a table: place, name, and fields.
 *
 * @module
 */
import type { Json, JsonObject } from "./show.ts";

/** Hexadecimal digits of octets that a line shows. */
const HEX_MAX = 48;

/** The line of a record that is JSON. */
export function recordText(record: JsonObject): string {
  const { offset, name, fields } = record;
  const shown = Object.entries(fields as JsonObject).map(([key, value]) => {
    return `${key}=${valueText(value)}`;
  });
  return `${String(offset).padStart(10)}  ${String(name).padEnd(19)}  ${shown.join(" ")}`.trimEnd();
}

function valueText(value: Json): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(" ")}]`;
  const { hex, perm, flags, domid } = value as JsonObject;
  if (typeof hex === "string") return hexText(hex);
  if (typeof perm === "string") return `${perm}${domid}${flags === 0 ? "" : `!${flags}`}`;
  return JSON.stringify(value);
}

function hexText(hex: string): string {
  if (hex === "") return "-";
  const rest = hex.length / 2 - HEX_MAX / 2;
  return rest <= 0 ? `<${hex}>` : `<${hex.slice(0, HEX_MAX)}, and ${rest} more>`;
}
