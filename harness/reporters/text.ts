/**
 * Text for a terminal: lines that fit, and colour that is a matter of who looks.
 *
 * @module
 */
import { stripVTControlCharacters, type styleText } from "node:util";

/** Widest line, in columns. */
export const WIDTH = 100;

export type Colour = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it alone. */
export type Paint = (colour: Colour, text: string) => string;

export const plain: Paint = (_, text) => text;

/** Text in lines that fit, the first after `first`, the others after `next`. */
export function* wrapped(text: string, first: string, next: string): Generator<string> {
  let line = first;
  let used = first.length;
  let empty = true;
  for (const word of text.split(" ")) {
    const { length } = stripVTControlCharacters(word);
    if (!empty && used + 1 + length > WIDTH) {
      yield `${line}\n`;
      line = next;
      used = next.length;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    used += empty ? length : 1 + length;
    empty = false;
  }
  yield `${line}\n`;
}
