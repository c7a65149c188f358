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
  return `<${visible(link).replace(/[<>\s\\]/g, encodeURIComponent)}>`;
}

/** A code span; a backtick in it needs a longer fence. */
export function code(text: string): string {
  const oneLine = visible(text);
  return oneLine.includes("`") ? `\`\` ${oneLine} \`\`` : `\`${oneLine}\``;
}
