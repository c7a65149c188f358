/**
 * How a run came along: its time beside the time that the programs which it started have computed.
 * Close to one, nothing but they kept it from being over; waiting counts against it.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

export interface Times {
  readonly wallMs: number;
  /** What programs have computed; undefined where the system does not tell. */
  readonly programsMs: number | undefined;
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;
/** In /proc/PID/stat behind the name, from 0, see proc(5): utime and stime. */
const [USER, SYSTEM] = [11, 12];
/** Likewise cutime and cstime, of children that have ended. */
const OF_CHILDREN = [13, 14] as const;
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

/** Programs that have ended, and what those that still run have computed so far. */
function programsMs(): number | undefined {
  try {
    const running = childrenNow().map((pid) => ticksOf(pid, USER, SYSTEM, ...OF_CHILDREN));
    return TICK_MS * running.reduce((sum, ticks) => sum + ticks, ticksOf("self", ...OF_CHILDREN));
  } catch {
    return undefined;
  }
}

/** Identifiers of children, each of which some thread has started. */
function childrenNow(): readonly string[] {
  const tasks = readdirSync("/proc/self/task");
  const lists = tasks.map((task) => readFileSync(`/proc/self/task/${task}/children`, "utf8"));
  return lists.flatMap((list) => list.split(" ").filter((pid) => pid !== ""));
}

/** The sum of some numbers of a process; of one that has just ended, nothing. */
function ticksOf(pid: string, ...fields: readonly number[]): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name is in brackets and may hold anything.
    const values = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields.reduce((sum, field) => sum + Number(values[field]), 0);
  } catch (error) {
    if (pid === "self") throw error;
    return 0;
  }
}
