/**
 * Names out of dumps, as they are shown to people.
 *
 * @module
 */

/** A name in one line of plain characters, whatever a stranger called it. */
export function shown(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, (character) => {
    return `\\u{${character.charCodeAt(0).toString(16)}}`;
  });
}
