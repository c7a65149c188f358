/**
 * A block of a text between two marks, `<!-- NAME -->` and `<!-- /NAME -->`, that a command writes.
 *
 * @module
 */

/** `text` with what stands between the marks replaced. */
export function withBlock(text: string, name: string, block: string): string {
  const [from, to] = placeOf(text, name);
  return `${text.slice(0, from)}\n${block.trim()}\n${text.slice(to)}`;
}

/** What stands between the marks. */
export function blockOf(text: string, name: string): string {
  const [from, to] = placeOf(text, name);
  return `${text.slice(from, to).trim()}\n`;
}

function placeOf(text: string, name: string): [number, number] {
  const mark = `<!-- ${name} -->`;
  const [from, to] = [text.indexOf(mark), text.indexOf(`<!-- /${name} -->`)];
  if (from >= 0 && to > from) return [from + mark.length, to];
  throw new RangeError(`Cannot write ${name} as the text must have its marks: it has none`);
}
