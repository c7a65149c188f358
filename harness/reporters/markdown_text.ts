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

/** A code span; a backtick in it needs a longer fence. */
export function code(text: string): string {
  const oneLine = visible(text);
  return oneLine.includes("`") ? `\`\` ${oneLine} \`\`` : `\`${oneLine}\``;
}
