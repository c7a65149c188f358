/**
 * Text from outside, made safe to print.
 *
 * @module
 */

/** `text` without what a terminal or page would take for a command. */
export function visible(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}/gu, "\u{FFFD}");
}
