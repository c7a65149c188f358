/**
 * Builds that somebody asks about by name: what a release has told of itself, a word of it, or the
 * beginning of a digest there.
 *
 * @module
 */

/** Names of no known build, or of several. One line. */
export class BuildError extends Error {
  override readonly name = "BuildError";
}

/** A digest as far as people write it. */
const DIGEST = /^[0-9a-f]{8,64}$/;
/** What no name has in it. */
const BETWEEN = /[^\w.~-]+/;
/** Joins the builds of a run that has tested several of one release. */
export const SEVERAL = " + ";

/** The build of each release that `names` name, of those that runs have tested. */
export function pinnedBuilds(
  tested: readonly ReadonlyMap<string, string>[],
  names: readonly string[],
): ReadonlyMap<string, string> {
  const pinned = new Map<string, string>();
  for (const name of names) {
    const met = [...meant(tested, name)];
    if (met.length === 0) {
      const all = new Set(tested.flatMap((builds) => [...builds.values()].filter(isOne)));
      const valid =
        all.size === 0 ? "no release tells its own" : `valid are ${[...all].join("; ")}`;
      throw new BuildError(`Cannot find build ${JSON.stringify(name)}: ${valid}`);
    }
    for (const [release, build] of met) {
      const other = pinned.get(release) ?? build;
      if (other !== build) {
        throw new BuildError(
          `Cannot ask about ${release} as it must be one build: it is ${other}, and ${build}`,
        );
      }
      pinned.set(release, build);
    }
  }
  return pinned;
}

/** Releases with their builds that `name` may mean. */
function* meant(
  tested: readonly ReadonlyMap<string, string>[],
  name: string,
): Generator<readonly [string, string]> {
  for (const [release, build] of tested.flatMap((builds) => [...builds])) {
    const words = build.split(BETWEEN);
    const isMeant =
      build === name ||
      words.includes(name) ||
      (DIGEST.test(name) && words.some((word) => word.startsWith(name)));
    if (isOne(build) && isMeant) yield [release, build];
  }
}

function isOne(build: string): boolean {
  return build !== "" && !build.includes(SEVERAL);
}
