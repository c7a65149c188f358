/**
 * How a run came along: its time beside the time that the programs which it started have computed.
 * Close to one, nothing but they kept it from being over; waiting counts against it.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

export interface Times {
  readonly wallMs: number;
  /** What programs that have ended have computed; undefined where the system does not tell. */
  readonly programsMs: number | undefined;
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;
/** In /proc/self/stat behind the name, from 0: cutime and cstime, see proc(5). */
const [CHILDREN_USER, CHILDREN_SYSTEM] = [13, 14];
/** Programs that have computed less say nothing about a run. */
const PROGRAMS_MIN_MS = 1000;

export function timesNow(): Times {
  return { wallMs: performance.now(), programsMs: programsMs() };
}

/** A line for people, when programs were started. */
export function speedSince(start: Times): string | undefined {
  const now = timesNow();
  if (start.programsMs === undefined || now.programsMs === undefined) return undefined;
  return speedOf(
    now.wallMs - start.wallMs,
    now.programsMs - start.programsMs,
    availableParallelism(),
  );
}

/** The line of a run that took `wallMs`, in which programs computed `programsMs`. */
export function speedOf(wallMs: number, programsMs: number, cores: number): string | undefined {
  if (programsMs < PROGRAMS_MIN_MS) return undefined;
  const ratio = wallMs / (programsMs / cores);
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return (
    `Took ${seconds(wallMs)}: ${ratio.toFixed(2)} times the ${seconds(programsMs)} that programs ` +
    `computed, over ${cores} processors`
  );
}

function programsMs(): number | undefined {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    // The name is in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return TICK_MS * (Number(fields[CHILDREN_USER]) + Number(fields[CHILDREN_SYSTEM]));
  } catch {
    return undefined;
  }
}
