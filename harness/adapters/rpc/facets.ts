/**
 * Facets across the protocol: what those of a machine are made of, and how they look from afar.
 *
 * @module
 */
import type { Link } from "./link.ts";
import type { Started } from "./messages.ts";
import { tagged, untagged } from "./typed.ts";

type Described = NonNullable<Started["facets"]>;

/** What is no facet of a machine, or has a message of its own. */
const NOT_FACETS = new Set(["observe", "release", "build"]);

/** Methods and constants of the facets of `machine`; verbs of a machine are functions. */
export function facetsOf(machine: Readonly<Record<string, unknown>>): Described {
  const facets: Record<string, { methods: string[]; values: Record<string, unknown> }> = {};
  for (const [name, facet] of Object.entries(machine)) {
    if (NOT_FACETS.has(name) || typeof facet !== "object" || facet === null) continue;
    const methods: string[] = [];
    const values: Record<string, unknown> = {};
    for (const member of membersOf(facet)) {
      const value = (facet as Record<string, unknown>)[member];
      if (typeof value === "function") methods.push(member);
      else values[member] = tagged(value);
    }
    facets[name] = { methods, values };
  }
  return facets;
}

/** Names of an object and of its classes. */
function membersOf(object: object): string[] {
  const names = new Set<string>();
  for (let at: object | null = object; at !== null && at !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
    at = Object.getPrototypeOf(at) as object | null;
  }
  names.delete("constructor");
  return [...names];
}

/** Facets whose methods ask over `link`; each answers a promise. */
export function remoteFacets(link: Link, started: Started): object {
  const { machine } = started;
  return describedFacets(started, async (facet, method, args) => {
    const params = { machine, facet, method, arguments: args.map(tagged) };
    return untagged((await link.ask("call", params)).value);
  });
}

/** Facets as they were described, with methods that `call` answers. */
export function describedFacets(
  { facets = {} }: Started,
  call: (facet: string, method: string, args: readonly unknown[]) => unknown,
): object {
  const made: Record<string, object> = {};
  for (const [facet, { methods, values = {} }] of Object.entries(facets)) {
    const object: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(values)) object[name] = untagged(value);
    for (const method of methods) {
      object[method] = (...args: unknown[]) => call(facet, method, args);
    }
    made[facet] = object;
  }
  return made;
}
