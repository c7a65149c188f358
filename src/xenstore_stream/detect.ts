/**
 * Which layout a binary stream has. The draft and version 1 both call themselves version 1, and
 * nothing in a stream says how its lengths count; so each form is tried, and one is believed when
 * its lengths, NULs and paths are consistent to END.
 *
 * @module
 */
import { demandConsistent } from "./consistent.ts";
import { StreamError } from "./error.ts";
import type { Forced } from "./forced.ts";
import type { Layout, Shape, Stream } from "./layout.ts";
import { readHeader, readStream } from "./reader.ts";
import { type Reading, readThrough } from "./reading.ts";

export interface Belief {
  /** `ambiguous` when two layouts are consistent; the stream is then read in the one of `shape`. */
  readonly layout: Shape["layout"] | "ambiguous";
  readonly shape: Shape;
  readonly why: string;
  /** The stream in that shape. */
  readonly reading: Reading;
}

/** A form that was tried: the first thing in it that is not consistent, if there is any. */
interface Trial {
  readonly shape: Partial<Shape> & Pick<Shape, "layout">;
  readonly stream?: Stream;
  readonly fault?: StreamError;
}

/** What is believed of the layout of `octets`, which begin like a stream. */
export function detect(octets: Uint8Array, forced: Forced = {}): Belief {
  const { version, flags } = readHeader(octets);
  const order = forced.order ?? ((flags & 1) === 0 ? "little" : "big");
  const said = version === 1 ? "1" : "2";
  const named = forced.layout === "text" ? undefined : forced.layout;
  const layouts: Layout[] = named === undefined ? [said, "draft"] : [named];
  const trials = trialsOf(octets, layouts, { order });
  if (!trials.some(isConsistent) && forced.order === undefined) {
    const other = order === "little" ? "big" : "little";
    trials.push(...trialsOf(octets, layouts, { order: other }));
  }
  const good = trials.filter(isConsistent);
  // The draft says version 1; in a stream of another version it only counts if nothing else fits.
  const isSecond = ({ shape }: Trial) => shape.layout === "draft" && version !== 1;
  const fitting = good.filter((trial) => !isSecond(trial));
  const [best, second] = fitting.length > 0 ? fitting : good;
  if (best?.stream === undefined) return furthest(octets, trials);
  const { stream } = best;
  const shape = shapeOf(stream);
  const reading = { stream, faults: [], isConsistent: true };
  if (second === undefined) {
    // Of each layout and byte order, the form that was tried first says enough.
    const others = trials.filter((trial) => !isConsistent(trial) && isPlain(trial)).map(refuted);
    const why = [`lengths, NULs and paths of ${nameOf(shape)} are consistent to END`, ...others];
    return { layout: shape.layout, shape, why: why.join("; "), reading };
  }
  const names = [best, second].map((trial) => nameOf(shapeOf(trial.stream as Stream)));
  const why = `lengths, NULs and paths are consistent to END in ${names.join(" and in ")}`;
  return {
    layout: best.shape.layout === second.shape.layout ? shape.layout : "ambiguous",
    shape,
    why,
    reading,
  };
}

/** Nothing is consistent: the form whose first fault is the furthest behind. */
function furthest(octets: Uint8Array, trials: readonly Trial[]): Belief {
  const [first, ...others] = trials as [Trial, ...Trial[]];
  const best = others.reduce((best, trial) => {
    return (trial.fault?.offset ?? 0) > (best.fault?.offset ?? 0) ? trial : best;
  }, first);
  const reading = readThrough(octets, best.shape);
  const shape = shapeOf(reading.stream);
  const why = `nothing is consistent to END; ${nameOf(shape)} is to offset ${best.fault?.offset}`;
  return { layout: shape.layout, shape, why, reading };
}

function isConsistent({ fault }: Trial): boolean {
  return fault === undefined;
}

function isPlain({ shape }: Trial): boolean {
  return shape.lengths === undefined && shape.watchHead === undefined;
}

function trialsOf(
  octets: Uint8Array,
  layouts: readonly Shape["layout"][],
  shape: Pick<Shape, "order">,
): Trial[] {
  return layouts.flatMap((layout) => {
    const first = tryShape(octets, { ...shape, layout });
    if (first.fault === undefined)
      return hasExtended(first.stream) ? [first, ...heads(octets, first)] : [first];
    return [
      first,
      ...heads(octets, first),
      tryShape(octets, { ...first.shape, lengths: "packed" }),
    ];
  });
}

/** The other forms of extended watches. */
function heads(octets: Uint8Array, { shape }: Trial): Trial[] {
  if (shape.layout === "draft") return [];
  const forms = ([8, 10] as const).map((watchHead) => tryShape(octets, { ...shape, watchHead }));
  return forms.filter(({ stream, fault }) => fault !== undefined || hasExtended(stream));
}

function hasExtended(stream: Stream | undefined): boolean {
  return stream?.records.some(({ kind }) => kind === "WATCH_DATA_EXTENDED") ?? false;
}

function tryShape(octets: Uint8Array, shape: Trial["shape"]): Trial {
  try {
    const stream = readStream(octets, shape);
    for (const record of stream.records) demandConsistent(octets, record, stream.watchHead);
    return { shape, stream };
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    return { shape, fault: error };
  }
}

function refuted({ shape, fault }: Trial): string {
  return `${nameOf(shape)} is not: ${fault?.path} at offset ${fault?.offset} ${fault?.reason}`;
}

function nameOf(shape: Trial["shape"]): string {
  const { layout, order, lengths, watchHead = 12 } = shape;
  const name = layout === "draft" ? "the draft" : `version ${layout}`;
  const parts = [
    order === "big" ? "big-endian" : "",
    lengths === "padded"
      ? "with padding in its lengths"
      : lengths === "packed"
        ? "without padding"
        : "",
    watchHead === 8 ? "with extended watches as 4.22 writes them" : "",
    watchHead === 10 ? "with extended watches as 4.22 reads them" : "",
  ].filter((part) => part !== "");
  return [name, ...parts].join(", ");
}

function shapeOf({ layout, order, lengths, watchHead }: Stream): Shape {
  return { layout, order, lengths, watchHead };
}
