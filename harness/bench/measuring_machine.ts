/**
 * The machine that a result was measured on, told apart from others without naming it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { arch, cpus, hostname, platform, totalmem } from "node:os";

export interface MeasuringMachine {
  /** Digest of its name and of what it has. */
  readonly id: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryGiB: number;
  readonly platform: string;
  /** `node 24.1.0` */
  readonly runtime: string;
}

export function thisMachine(): MeasuringMachine {
  const all = cpus();
  const machine = {
    processor: all[0]?.model.trim() ?? "unknown",
    processors: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${arch()}`,
  };
  const text = JSON.stringify([hostname(), machine]);
  const id = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { id, ...machine, runtime: runtimeOf(process.versions) };
}

function runtimeOf({ deno, bun, node }: NodeJS.ProcessVersions): string {
  if (deno !== undefined) return `deno ${deno}`;
  return bun === undefined ? `node ${node}` : `bun ${bun}`;
}
