/**
 * Where the model is struck by the faults that end its process: the points of each step. Names of
 * steps are those of the faults, the other way round the model's own.
 *
 * @module
 */
import { Killed, type Strike } from "../../../src/machine/mod.ts";
import type { Fault } from "../../faults/mod.ts";

/** Steps that the model calls by another name. */
const STEPS: Readonly<Record<string, string>> = {
  "dma:save": "dma_manager",
  "nvme:save": "nvme_manager",
  "client:save": "vmbus_client",
};

/** Points inside of a step, with the times that they are passed before the process dies. */
const INSIDES: Readonly<Record<string, readonly [point: string, passes: number]>> = {
  "nvme:save": ["nvme/save/admin/after", 0],
  "units:save": ["save/units/in", 7],
  "client:save": ["save/vmbus_client/in", 0],
  "shutdown:save": ["save/shutdown/in", 0],
  "nvme:restore": ["nvme/restore/admin/after", 0],
  "disks:restore": ["disks/open", 1],
  "units:restore": ["restore/units/in", 7],
};

const CRASH = "crash-";

/** The end of the process that `fault` stands for; null for one that ends no process so. */
export function crashOf({ place, kind, time }: Fault): Strike | null {
  if (place === "host" && kind === "kills") return killing("save/units/in", 2);
  if (!kind.startsWith(CRASH)) return null;
  const step = `${place}:${time}`;
  const when = kind.slice(CRASH.length);
  const inside = when === "in" ? INSIDES[step] : undefined;
  if (inside !== undefined) return killing(...inside);
  return killing(`${time}/${STEPS[step] ?? place}/${when}`, 0);
}

function killing(point: string, passes: number): Strike {
  return {
    point,
    passes,
    act() {
      throw new Killed(`killed at ${point}`);
    },
  };
}
