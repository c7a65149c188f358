/**
 * The live tree of a machine, as upstream's `inspect` shows it. Leaves are plain JSON values;
 * integers wider than a `number` are written as decimal text.
 *
 * @module
 */

/** A value of the tree. */
export type InspectNode =
  | null
  | boolean
  | number
  | string
  | readonly InspectNode[]
  | { readonly [name: string]: InspectNode };

/** A component that can be looked into. */
export interface Inspect {
  inspect(): InspectNode;
}

/** The node at `path`, names and indices separated by `/`; undefined where there is none. */
export function inspectAt(root: InspectNode, path: string): InspectNode | undefined {
  let node: InspectNode | undefined = root;
  for (const name of path.split("/").filter((part) => part !== "")) {
    node = child(node, name);
    if (node === undefined) return undefined;
  }
  return node;
}

function child(node: InspectNode, name: string): InspectNode | undefined {
  if (node === null || typeof node !== "object" || !Object.hasOwn(node, name)) return undefined;
  return (node as { readonly [name: string]: InspectNode })[name];
}
