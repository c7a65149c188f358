/**
 * Text in Markdown.
 *
 * @module
 */
import { visible } from "../visible.ts";

/** Text that Markdown shows as it is. */
export function plain(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]<>|#~]/g, "\\$&");
}

/** A link that shows its address; what is no address of a page is text. */
export function address(link: string): string {
  return isAddress(link) ? pointed(link) : plain(link);
}

/** Text that leads to `link`, likewise. */
export function linked(text: string, link: string): string {
  return isAddress(link) ? `[${plain(text)}](${pointed(link)})` : `${plain(text)} (${plain(link)})`;
}

function isAddress(link: string): boolean {
  return /^https?:\/\//.test(link);
}

function pointed(link: string): string {
  return `<${visible(link).replace(/[<>\s\\`]/g, encodeURIComponent)}>`;
}

/** A code span; its fence is longer than any row of backticks in it. */
export function code(text: string): string {
  const oneLine = visible(text);
  const rows = (oneLine.match(/`+/g) ?? []).map(({ length }) => length);
  const fence = "`".repeat(Math.max(0, ...rows) + 1);
  // Next to a backtick, or alone, a fence would be another one.
  const gap = rows.length > 0 || oneLine === "" ? " " : "";
  return `${fence}${gap}${oneLine}${oneLine === "" ? "" : gap}${fence}`;
}
