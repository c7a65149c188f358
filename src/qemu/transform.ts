/**
 * Transformations: the state of devices in the form of one release is made into that of another.
 * Steps are registered apart from how devices are saved; each names the forms that it takes and
 * gives, so that one device may become two, and two one. A way over several steps is found.
 *
 * Source: QEMU wiki, Features/Migration/Next, "Device Model Transformation".
 *
 * @module
 */
import { TransformError } from "./error.ts";
import type { Tree } from "./tree.ts";

/** By name of the device: a revision of it, or its state. */
export type Shape = Readonly<Record<string, number>>;
export type States = Readonly<Record<string, Tree>>;

export interface Step {
  readonly takes: Shape;
  readonly gives: Shape;
  /** Gets the states of all devices that it takes. */
  apply(states: States): Transformed;
}

export interface Transformed {
  readonly states: States;
  /** What the form has no place for, each as `device: what`. */
  readonly lost: readonly string[];
}

/** Shapes that a search looks at before it gives up. */
export const SHAPES_MAX = 4096;

export class Transformations {
  readonly #steps: Step[] = [];

  register(step: Step): this {
    this.#steps.push(step);
    return this;
  }

  /**
   * `states` of the form `from`, in that of `to`. Throws a {@linkcode TransformError} when no chain
   * of steps leads there.
   */
  transform(states: States, from: Shape, to: Shape): Transformed {
    let now = states;
    const lost: string[] = [];
    for (const step of this.#way(from, to)) {
      const taken = Object.keys(step.takes).map((name) => [name, now[name] ?? {}] as const);
      const made = step.apply(Object.fromEntries(taken));
      const kept = Object.entries(now).filter(([name]) => !Object.hasOwn(step.takes, name));
      now = { ...Object.fromEntries(kept), ...made.states };
      lost.push(...made.lost);
    }
    return { states: now, lost };
  }

  /** The shortest chain; of two as short, the one that was registered first. */
  #way(from: Shape, to: Shape): readonly Step[] {
    const goal = keyOf(to);
    const seen = new Set([keyOf(from)]);
    let edge: { readonly shape: Shape; readonly way: readonly Step[] }[] = [
      { shape: from, way: [] },
    ];
    while (edge.length > 0) {
      const next: typeof edge = [];
      for (const { shape, way } of edge) {
        if (keyOf(shape) === goal) return way;
        for (const step of this.#steps) {
          const after = shapeAfter(step, shape);
          if (after === undefined || seen.has(keyOf(after))) continue;
          if (seen.size === SHAPES_MAX) {
            throw new TransformError(`Cannot transform ${keyOf(from)} into ${goal} as at most \
${SHAPES_MAX} forms are looked at`);
          }
          seen.add(keyOf(after));
          next.push({ shape: after, way: [...way, step] });
        }
      }
      edge = next;
    }
    throw new TransformError(
      `Cannot transform ${keyOf(from)} into ${goal} as some chain of steps must lead there`,
    );
  }
}

function shapeAfter({ takes, gives }: Step, shape: Shape): Shape | undefined {
  const fits = Object.entries(takes).every(([name, revision]) => shape[name] === revision);
  if (!fits) return undefined;
  const kept = Object.entries(shape).filter(([name]) => !Object.hasOwn(takes, name));
  return { ...Object.fromEntries(kept), ...gives };
}

function keyOf(shape: Shape): string {
  const names = Object.keys(shape).sort();
  return names.map((name) => `${name}:${shape[name]}`).join(" + ") || "nothing";
}
