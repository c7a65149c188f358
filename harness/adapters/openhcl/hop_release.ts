/**
 * The release that a hop is started with: as it is, or with a defect.
 *
 * @module
 */
import { type Release, releaseNamed, withDefect } from "../../../src/openhcl/mod.ts";
import type { Hop } from "../../path.ts";
import type { Settings } from "./settings.ts";

/** The release of a hop, with the defect that is asked for. */
export function releaseOf({ release }: Hop, { defect = "none" }: Settings): Release {
  const named = releaseNamed(release);
  return defect === "none" ? named : withDefect(named, defect);
}
