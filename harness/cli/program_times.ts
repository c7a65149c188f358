/**
 * What each program that this process has started has computed so far, its own children included:
 * to the nanosecond, where `speed.ts` counts hundredths of a second, but of those alone that run.
 *
 * Source: Linux, Documentation/scheduler/sched-stats.rst, /proc/PID/schedstat: time on the
 * processor in nanoseconds is its first number.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";

const NS_PER_MS = 1e6;

/** Milliseconds by the identifier of a process; empty where the system does not tell. */
export function programTimes(): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  const left = childrenOf("self");
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    const ms = timeOf(pid);
    if (ms === undefined) continue;
    times.set(pid, ms);
    left.push(...childrenOf(pid));
  }
  return times;
}

/** Of all threads; undefined of a process that has just ended. */
function timeOf(pid: string): number | undefined {
  const texts = eachTask(pid, "schedstat");
  if (texts.length === 0) return undefined;
  return texts.reduce((sum, text) => sum + Number(text.split(" ")[0]) / NS_PER_MS, 0);
}

function childrenOf(pid: string): string[] {
  return eachTask(pid, "children").flatMap((list) => list.split(" ").filter((each) => each !== ""));
}

/** What a file of each thread says; threads end as they like. */
function eachTask(pid: string, file: string): string[] {
  const tasks = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return tasks.flatMap((task) => {
    const text = attempt(() => readFileSync(`/proc/${pid}/task/${task}/${file}`, "utf8"));
    return text === undefined ? [] : [text];
  });
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
