/**
 * Makes a list smaller that shows something: leaves out parts, larger ones first, and keeps what
 * still shows it; then makes what is left simpler one by one. See Zeller and Hildebrandt,
 * "Simplifying and Isolating Failure-Inducing Input".
 *
 * @module
 */

export async function shrunk<T>(
  items: readonly T[],
  shows: (items: readonly T[]) => Promise<boolean>,
  simpler: (item: T) => readonly T[],
): Promise<readonly T[]> {
  let least = items;
  for (;;) {
    const before = least;
    least = await withoutParts(least, shows);
    least = await simplified(least, shows, simpler);
    if (least.length === before.length && least.every((item, at) => item === before[at])) {
      return least;
    }
  }
}

async function withoutParts<T>(
  items: readonly T[],
  shows: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let least = items;
  for (let size = Math.ceil(least.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    // From the end: what comes later depends on what came before.
    for (let end = least.length; end > 0; end -= size) {
      const candidate = [...least.slice(0, Math.max(0, end - size)), ...least.slice(end)];
      if (candidate.length < least.length && (await shows(candidate))) least = candidate;
    }
  }
  return least;
}

async function simplified<T>(
  items: readonly T[],
  shows: (items: readonly T[]) => Promise<boolean>,
  simpler: (item: T) => readonly T[],
): Promise<readonly T[]> {
  let least = items;
  for (let at = 0; at < least.length; at++) {
    for (const item of simpler(least[at] as T)) {
      const candidate = least.with(at, item);
      if (!(await shows(candidate))) continue;
      least = candidate;
      break;
    }
  }
  return least;
}
