/**
 * Something worked out once for each pair of releases. Two levels of maps, because a joined key
 * would have to be built on every look-up.
 *
 * @module
 */
export class ByPair<T> {
  readonly #made = new Map<string, Map<string, T>>();

  get(writer: string, reader: string, make: (writer: string, reader: string) => T): T {
    let row = this.#made.get(writer);
    if (row === undefined) {
      row = new Map();
      this.#made.set(writer, row);
    }
    const known = row.get(reader);
    if (known !== undefined || row.has(reader)) return known as T;
    const made = make(writer, reader);
    row.set(reader, made);
    return made;
  }
}
