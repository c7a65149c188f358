/**
 * What the process of a daemon holds of its host: descriptors by kind, memory, what it was started
 * with, and the files that it has made.
 *
 * Source: Linux, Documentation/filesystems/proc.rst.
 *
 * @module
 */
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Vitals } from "../../adapter.ts";

/** Lines of `smaps_rollup`, and what they are called here. */
const MEMORY = {
  Rss: "resident memory (KiB)",
  Pss: "proportional memory (KiB, shared)",
  Private_Dirty: "private memory (KiB)",
} as const;

/** What process `pid` holds, whose run directory is `directory`. */
export function vitalsOf(pid: number, directory: string): Vitals {
  const process = `/proc/${pid}`;
  return {
    ...descriptors(process),
    ...memory(process),
    threads: readdirSync(join(process, "task")).length,
    mappings: readFileSync(join(process, "maps"), "utf8").split("\n").length - 1,
    "arguments (octets)": readFileSync(join(process, "cmdline")).length,
    "environment (octets)": readFileSync(join(process, "environ")).length,
    ...files(directory),
  };
}

function descriptors(process: string): Record<string, number> {
  const folder = join(process, "fd");
  const all = readdirSync(folder).flatMap((name) => targetOf(join(folder, name)) ?? []);
  const kinds = Object.entries(Object.groupBy(all, (kind) => kind));
  return {
    descriptors: all.length,
    ...Object.fromEntries(
      kinds
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, those]) => [`descriptors: ${kind}`, those?.length ?? 0]),
    ),
  };
}

/** What a descriptor leads to, without what differs from one to the next; or that it has gone. */
function targetOf(path: string): string | undefined {
  let target: string;
  try {
    target = readlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (!target.startsWith("/")) return target.replace(/:\[\d+\]$/, "").replace(/^anon_inode:/, "");
  return target.startsWith("/dev/") ? target : basename(target);
}

/** How many files there are, and what of the disk each takes. */
function files(directory: string): Record<string, number> {
  const names = readdirSync(directory).toSorted();
  const sizes = names.map((name) => statSync(join(directory, name)).size);
  return {
    files: names.length,
    ...Object.fromEntries(
      names.map((name, at) => [`file ${name} (KiB on disk)`, Math.floor((sizes[at] ?? 0) / 1024)]),
    ),
  };
}

function memory(process: string): Record<string, number> {
  const text = readFileSync(join(process, "smaps_rollup"), "utf8");
  return Object.fromEntries(
    Object.entries(MEMORY).map(([line, name]) => {
      const found = new RegExp(`^${line}:\\s+(\\d+) kB$`, "m").exec(text);
      return [name, Number(found?.[1] ?? 0)];
    }),
  );
}
