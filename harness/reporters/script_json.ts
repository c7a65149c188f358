/**
 * JSON inside of a page.
 *
 * @module
 */

/**
 * What must not stand in a script element or in a file that people open: the start of a tag, line
 * separators, and characters that hide or reorder text. Ranges, as Unicode differs by runtime.
 */
const UNSAFE = /[<\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g;

/** JSON that cannot end the script element it stands in, whatever the texts hold. */
export function scriptJson(value: unknown): string {
  return safeJson(JSON.stringify(value));
}

/** The same of what is JSON already. */
export function safeJson(json: string): string {
  return json.replace(UNSAFE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
