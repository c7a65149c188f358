/**
 * Visitors over plain data: what is saved becomes a tree, and a tree is loaded. A tree must have
 * what it is asked for, and nothing else: whoever leaves a field out says so, by a transformation
 * or a filter.
 *
 * @module
 */
import type { IntegerKind, WideKind } from "./integer.ts";
import { isTree, SUBSECTIONS, type Tree, type Value } from "./tree.ts";
import { type Subsection, Visitor } from "./visitor.ts";

type Open = { [name: string]: Value } | Value[];

/** Saves into a tree. */
export class ObjectSaver extends Visitor {
  readonly loads = false;
  readonly #root: { [name: string]: Value } = {};
  readonly #open: Open[] = [this.#root];

  get tree(): Tree {
    return this.#root;
  }

  protected onInteger(_kind: IntegerKind, name: string, value: number): number {
    return this.#put(name, value);
  }

  protected onWide(_kind: WideKind, name: string, value: bigint): bigint {
    return this.#put(name, value);
  }

  protected onBool(name: string, value: boolean): boolean {
    return this.#put(name, value);
  }

  protected onText(name: string, value: string): string {
    return this.#put(name, value);
  }

  protected onBuffer(name: string, value: Uint8Array): Uint8Array {
    return this.#put(name, value.slice());
  }

  /** What is absent has no entry. */
  protected onOptional(_name: string, isThere: boolean): boolean {
    return isThere;
  }

  protected onList(name: string, length: number): number {
    this.#begin(name, []);
    return length;
  }

  protected onArray(name: string): void {
    this.#begin(name, []);
  }

  protected onEnter(name: string): void {
    this.#begin(name, {});
  }

  protected onLeave(): void {
    this.#open.pop();
  }

  protected onSubsections(
    _device: string,
    known: readonly Subsection[],
    visit: (one: Subsection) => void,
  ): void {
    const needed = known.filter(({ isNeeded }) => isNeeded);
    if (needed.length === 0) return;
    this.onEnter(SUBSECTIONS);
    for (const one of needed) {
      this.onEnter(one.name);
      visit(one);
      this.onLeave();
    }
    this.onLeave();
  }

  #begin(name: string, made: Open): void {
    this.#put(name, made);
    this.#open.push(made);
  }

  #put<V extends Value>(name: string, value: V): V {
    const open = this.#open[this.#open.length - 1] as Open;
    if (Array.isArray(open)) open.push(value);
    else open[name] = value;
    return value;
  }
}

/** Loads from a tree. */
export class ObjectLoader extends Visitor {
  readonly loads = true;
  readonly #open: { readonly value: Tree | readonly Value[]; readonly left: Set<string> }[] = [];

  constructor(tree: Tree) {
    super();
    this.#enter(tree);
  }

  /** Throws when the tree has something that nobody has asked for. */
  end(): void {
    this.onLeave();
  }

  protected onInteger(_kind: IntegerKind, name: string): number {
    return this.#take(name, "a number", (value) => typeof value === "number");
  }

  protected onWide(_kind: WideKind, name: string): bigint {
    return this.#take(name, "a wide number", (value) => typeof value === "bigint");
  }

  protected onBool(name: string): boolean {
    return this.#take(name, "true or false", (value) => typeof value === "boolean");
  }

  protected onText(name: string): string {
    return this.#take(name, "text", (value) => typeof value === "string");
  }

  protected onBuffer(name: string, _value: Uint8Array, _size: number): Uint8Array {
    return this.#take(name, "octets", (value) => value instanceof Uint8Array).slice();
  }

  protected onOptional(name: string): boolean {
    return this.#has(name);
  }

  protected onList(name: string): number {
    return this.#enterList(name).length;
  }

  protected onArray(name: string, length: number): void {
    const found = this.#enterList(name).length;
    if (found !== length) {
      throw this.error(undefined, `it must have ${length} items: it has ${found}`);
    }
  }

  protected onEnter(name: string): void {
    this.#enter(this.#take(name, "a structure", isTree));
  }

  protected onLeave(): void {
    const [name] = this.#open.pop()?.left ?? [];
    if (name === undefined) return;
    throw this.error(name, "what is there must be known to it");
  }

  protected onSubsections(
    _device: string,
    known: readonly Subsection[],
    visit: (one: Subsection) => void,
  ): void {
    if (!this.#has(SUBSECTIONS)) return;
    this.onEnter(SUBSECTIONS);
    for (const one of known) {
      if (!this.#has(one.name)) continue;
      this.onEnter(one.name);
      visit(one);
      this.onLeave();
    }
    this.onLeave();
  }

  #enterList(name: string): readonly Value[] {
    const items = this.#take(name, "a list", (value): value is readonly Value[] =>
      Array.isArray(value),
    );
    this.#enter(items);
    return items;
  }

  #enter(value: Tree | readonly Value[]): void {
    this.#open.push({ value, left: new Set(Object.keys(value)) });
  }

  #has(name: string): boolean {
    const { value } = this.#at;
    return Object.hasOwn(value, name);
  }

  #take<V extends Value>(name: string, kind: string, is: (value: Value) => value is V): V {
    const { value, left } = this.#at;
    left.delete(name);
    const found = Object.hasOwn(value, name) ? (value as Tree)[name] : undefined;
    if (found === undefined) throw this.error(name, "it must be there");
    if (!is(found)) throw this.error(name, `it must be ${kind}`);
    return found;
  }

  get #at(): { readonly value: Tree | readonly Value[]; readonly left: Set<string> } {
    const open = this.#open[this.#open.length - 1];
    if (open === undefined) throw this.error(undefined, "it must be asked before its end");
    return open;
  }
}
