/**
 * The state of a device as plain data: what transformations and filters work on.
 *
 * @module
 */
export type Value =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value };

/** A structure. Its subsections stand in it under {@linkcode SUBSECTIONS}, by name. */
export type Tree = { readonly [name: string]: Value };

/** No field has this name, as names of C have no blank. */
export const SUBSECTIONS = "sub sections";

export function isTree(value: Value | undefined): value is Tree {
  const isObject = typeof value === "object" && !Array.isArray(value);
  return isObject && !(value instanceof Uint8Array);
}

/** The subsection `name` of `tree`; undefined when it has none. */
export function subsectionOf(tree: Tree, name: string): Tree | undefined {
  const all = tree[SUBSECTIONS];
  const one = isTree(all) ? all[name] : undefined;
  return isTree(one) ? one : undefined;
}

/** `tree` without the subsection `name`. */
export function withoutSubsection(tree: Tree, name: string): Tree {
  const all = tree[SUBSECTIONS];
  if (!isTree(all)) return tree;
  const { [name]: _left, ...rest } = all;
  return { ...tree, [SUBSECTIONS]: rest };
}

/** Whether every number in `value` is 0, every flag off and all text empty. */
export function isBlank(value: Value): boolean {
  if (value instanceof Uint8Array) return value.every((octet) => octet === 0);
  if (Array.isArray(value)) return value.every(isBlank);
  if (isTree(value)) return Object.values(value).every(isBlank);
  return value === 0 || value === 0n || value === false || value === "";
}
