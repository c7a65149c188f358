/**
 * Text of octets as a message shows it: one line, ASCII, and nothing that a terminal obeys.
 *
 * @module
 */

/** Characters that are shown; whoever wants all of a path finds it at its offset. */
const SHOWN_MAX = 80;

/** `text` in quotes, with `\xNN` for octets that are no printable ASCII; long ones are cut. */
export function quoted(text: string): string {
  const cut = text.length > SHOWN_MAX ? text.slice(0, SHOWN_MAX) : text;
  const escaped = cut.replace(/[^ -~]|["\\]/g, (character) => {
    if (character === '"' || character === "\\") return `\\${character}`;
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return `"${escaped}${cut === text ? "" : "..."}"`;
}
