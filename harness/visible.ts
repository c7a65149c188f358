/**
 * Text from outside, made safe to print.
 *
 * @module
 */

/**
 * Controls, what is no character, and what hides or reorders what stands beside it: ranges, as
 * Unicode differs by runtime. Those that join letters in some scripts or pictures stay.
 */
const HOSTILE =
  /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/gu;

/** `text` without what a terminal or page would take for a command. */
export function visible(text: string): string {
  return text.toWellFormed().replace(HOSTILE, "\u{FFFD}");
}
