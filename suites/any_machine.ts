/**
 * What every machine owes to its guest when it is saved and restored, whatever it is: it comes
 * back, its guest finds what it has left, and nothing that counts goes back.
 *
 * Method: what the guest can see is compared with what it saw before the first save, after each
 * restore of the path. What its adapter calls volatile is left out; what it calls a tick may grow.
 *
 * @module
 */
import type { Observe, Seen } from "../harness/facets/observe.ts";
import { check, scenario, suite } from "../harness/mod.ts";

const SOURCE = "freezethaw, adapter protocol, observe";

const common = {
  source: SOURCE,
  needs: ["observe"],
  before: ({ observe }: { observe: Observe }) => observe.look(),
} as const;

export default suite("any-machine", [
  scenario({
    ...common,
    name: "guest/comes-back",
    must: "A restored machine shows its guest what there is to see",
    async after({ observe }) {
      check((await observe.look()) !== null, "there is nothing to see");
    },
  }),

  scenario({
    ...common,
    name: "guest/sees-what-it-saw",
    must: "A guest finds everything as it was before the save",
    async after({ observe }, was) {
      const left = [...observe.volatile, ...observe.ticks];
      const difference = firstDifference(was, await observe.look(), "", left);
      check(difference === undefined, `${difference}`);
    },
  }),

  scenario({
    ...common,
    name: "ticks/never-go-back",
    must: "What counts on never goes back",
    async after({ observe }, was): Promise<Seen> {
      const is = await observe.look();
      for (const pointer of observe.ticks) {
        const [before, now] = [at(was, pointer), at(is, pointer)];
        const counts = typeof before === "number" && typeof now === "number";
        check(counts, `${pointer} must be a number: current value is ${text(now ?? before)}`);
        check(now >= before, `${pointer} went back from ${before} to ${now}`);
      }
      return is;
    },
  }),
]);

/** Where two values differ first, in words. */
function firstDifference(
  was: Seen | undefined,
  is: Seen | undefined,
  place: string,
  left: readonly string[],
): string | undefined {
  if (left.includes(place)) return undefined;
  if (isObject(was) && isObject(is)) {
    const names = new Set([...Object.keys(was), ...Object.keys(is)]);
    for (const name of names) {
      const inside = `${place}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
      const found = firstDifference(was[name], is[name], inside, left);
      if (found !== undefined) return found;
    }
    return Array.isArray(was) === Array.isArray(is) ? undefined : changed(was, is, place);
  }
  return was === is ? undefined : changed(was, is, place);
}

function changed(was: Seen | undefined, is: Seen | undefined, place: string): string {
  return `${place === "" ? "everything" : place} was ${text(was)} and is ${text(is)}`;
}

function isObject(value: Seen | undefined): value is { readonly [key: string]: Seen } {
  return typeof value === "object" && value !== null;
}

/** The value at a JSON pointer. */
function at(value: Seen, pointer: string): Seen | undefined {
  let found: Seen | undefined = value;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}

/** Characters of a value that are shown. */
const SHOWN_MAX = 80;

function text(value: Seen | undefined): string {
  const whole = value === undefined ? "absent" : JSON.stringify(value);
  return whole.length > SHOWN_MAX ? `${whole.slice(0, SHOWN_MAX)}…` : whole;
}
