/**
 * Static beside dynamic: what descriptions foretell of the loads of a run, and where the loads went
 * another way. Each machine is saved once more, cold, to know which devices its stream has.
 *
 * A row is `{writer, reader, machine, set, mode, verdict, class, device, text}`, one in a line;
 * rows of other pairs and modes, and of loads that never began, are left out.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { readStream } from "../../../src/qemu_stream/mod.ts";
import { type Comparison, compareDumps, type Dump } from "../../../src/qemu_vmstate/mod.ts";
import { capture } from "./capture.ts";
import { Emulator, StartError } from "./emulator.ts";
import { MachineFiles } from "./files.ts";
import { type Forecast, foretell } from "./foretell.ts";
import { installed } from "./installation.ts";
import { MonitorError } from "./monitor.ts";
import { RELEASES } from "./releases.ts";

/** A load, as a row tells it. */
export interface LoadRow {
  readonly set: string;
  readonly machine: string;
  readonly isLoaded: boolean;
  /** What QEMU said. */
  readonly text: string;
}

/** The device that QEMU speaks of. */
const DEVICE = /(?:of device|section or instance|section footer for) '?([^\s']+)/;

/** Rows that nothing can be held beside. One line. */
export class BesideError extends Error {
  override readonly name = "BesideError";
}

type Members = { readonly [name: string]: unknown };

const SETS = new URL("../../../fixtures/qemu/device_sets.json", import.meta.url);
const LOADED: ReadonlySet<unknown> = new Set(["passed", "loaded"]);
const BROKEN: ReadonlySet<unknown> = new Set(["failed", "refused", "crashed", "hung"]);
/** Classes of what was wrong with a machine that had come. */
const HAS_COME: ReadonlySet<unknown> = new Set([null, undefined, "lost-state", "guest-dead"]);
/** Classes of failures before anything was sent. */
const NOT_BEGUN: ReadonlySet<unknown> = new Set(["absent", "unmigratable"]);

/** The loads from `writer` to `reader` among the lines of a run. */
export function loadRows(lines: readonly string[], writer: string, reader: string): LoadRow[] {
  const rows: LoadRow[] = [];
  for (const line of lines) {
    const row = membersOf(line);
    if (row?.writer !== writer || row.reader !== reader || NOT_BEGUN.has(row.class)) continue;
    if ((row.mode ?? "cold") !== "cold") continue;
    const { set, machine, verdict, text } = row;
    if (typeof set !== "string" || typeof machine !== "string") continue;
    if (!LOADED.has(verdict) && !BROKEN.has(verdict)) continue;
    rows.push({ set, machine, isLoaded: isLoaded(row), text: String(text ?? "") });
  }
  return rows;
}

/** A claim that fails of a machine that was loaded says nothing of the load. */
function isLoaded({ verdict, class: kind }: Members): boolean {
  return LOADED.has(verdict) || (verdict === "failed" && HAS_COME.has(kind));
}

function membersOf(line: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Members) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** How a load and its forecast go together; empty when they agree. */
export function verdictOf({ isLoaded, text }: LoadRow, forecast: Forecast): string {
  const { differences, dark, opaque } = forecast;
  const worst = differences.find(({ severity }) => severity === "breaks");
  if (worst !== undefined) {
    const { section, kind, path } = worst;
    return isLoaded ? `false alarm: it loads in spite of ${kind} ${path} of ${section}` : "";
  }
  const isDoubted = differences.some(({ severity }) => severity === "may break");
  if (isLoaded || isDoubted) return "";
  const device = DEVICE.exec(text)?.[1] ?? "";
  const why = dark.includes(device)
    ? "no description covers it"
    : opaque.includes(device)
      ? "its description is not all that is saved"
      : "its description is the same";
  return `missed: ${device === "" ? "a machine" : device}, as ${why}: ${text}`;
}

/** Lines for all loads from `writer` to `reader`. */
export async function* besideLines(
  lines: readonly string[],
  [writer, reader]: readonly [string, string],
  dumps: readonly [Dump, Dump],
): AsyncGenerator<string> {
  const comparison = compareDumps(...dumps);
  const sets = JSON.parse(readFileSync(SETS, "utf8")) as readonly Members[];
  const count = { agreed: 0, doubted: 0, alarmed: 0, missed: 0 };
  for (const row of loadRows(lines, writer, reader)) {
    const args = sets.find(({ name }) => name === row.set)?.args;
    if (row.set !== "bare" && !Array.isArray(args)) continue;
    const forecast = await forecastOf(writer, row, (args ?? []) as string[], dumps[0], comparison);
    if (forecast === undefined) continue;
    const text = verdictOf(row, forecast);
    const isDoubted = forecast.differences.some(({ severity }) => severity === "may break");
    if (text.startsWith("false alarm")) count.alarmed++;
    else if (text !== "") count.missed++;
    else if (isDoubted) count.doubted++;
    else count.agreed++;
    if (text !== "") yield `${writer} -> ${reader}: ${row.set} on ${row.machine}: ${text}`;
  }
  const { agreed, doubted, alarmed, missed } = count;
  const counts = `${agreed} as foretold, ${doubted} in doubt, ${alarmed} false alarms`;
  yield `${writer} -> ${reader}: ${counts}, ${missed} missed`;
}

async function forecastOf(
  writer: string,
  { machine }: LoadRow,
  args: readonly string[],
  dump: Dump,
  comparison: Comparison,
): Promise<Forecast | undefined> {
  const release = RELEASES.find(({ name }) => name === writer);
  const program = release === undefined ? "no such release" : installed(release);
  if (typeof program === "string")
    throw new BesideError(`Cannot save with QEMU ${writer}: ${program}`);
  using files = new MachineFiles();
  const base = ["-machine", machine, "-m", "1", "-bios", "{rom}", "-S"];
  try {
    await using emulator = await Emulator.start(program, files.named([...base, ...args]));
    return foretell(readStream(await capture(emulator)), dump, comparison);
  } catch (error) {
    // It is another build than that of the run, and cannot save the device.
    if (error instanceof StartError || error instanceof MonitorError) return undefined;
    throw error;
  }
}
