/**
 * Loads a stream into a QEMU that waits for one. Without asking again and again: it tells by an
 * event when it has taken the machine, and by its end that it has not.
 *
 * @module
 */
import { connect } from "node:net";
import { HungError, RefusedError } from "../../adapter.ts";
import { Deadline } from "./deadline.ts";
import { Emulator, OVER, StartError } from "./emulator.ts";
import { failedStart, fitness } from "./fitness.ts";
import type { Program } from "./installation.ts";
import type { Ending } from "./launched.ts";
import { endedBy, lossOf } from "./loss.ts";
import { MonitorError, MonitorLost } from "./monitor.ts";
import { classified, cleaned } from "./words.ts";

/** How long a load may take; it takes 30 ms, and most of that is the start. */
const LOAD_MS = 25_000;

/** Starts `program` with the arguments of a machine. */
export async function begin(program: Program, args: readonly string[]): Promise<Emulator> {
  await fitness.demand(program);
  try {
    return await Emulator.start(program, args);
  } catch (error) {
    throw error instanceof StartError ? failedStart(error) : error;
  }
}

/** A QEMU with the machine in `stream`, started with `args`. */
export async function load(
  program: Program,
  args: readonly string[],
  stream: Uint8Array,
): Promise<Emulator> {
  const emulator = await begin(program, [...args, "-incoming", "defer"]);
  try {
    await take(emulator, stream);
    return emulator;
  } catch (error) {
    await emulator[Symbol.asyncDispose]();
    throw error;
  }
}

async function take(emulator: Emulator, stream: Uint8Array): Promise<void> {
  using deadline = new Deadline(LOAD_MS);
  const taken = arrival(emulator, stream);
  // A process that ends takes its monitor along; how it ended says more.
  const ended = emulator.exited;
  const lost = (error: unknown) =>
    error instanceof MonitorError || (error instanceof MonitorLost && !error.isEnd) ? error : ended;
  const outcome: string | MonitorError | MonitorLost | Ending | undefined = await Promise.race([
    taken.catch<MonitorError | MonitorLost | Ending>(lost),
    ended,
    deadline.passed,
  ]);
  if (outcome === "completed") return;
  if (outcome === undefined) {
    throw new HungError(`hang: the load is not over: ${cleaned(emulator.stderr)}`);
  }
  if (outcome instanceof MonitorLost) throw await lossOf(emulator, outcome);
  if (outcome instanceof MonitorError) throw new RefusedError(classified(outcome.message));
  // One that says that it failed ends right after.
  const ending =
    typeof outcome === "string" ? await Promise.race([ended, deadline.passed]) : outcome;
  const words = cleaned(emulator.stderr);
  if (ending === undefined) throw new RefusedError(classified(`${outcome}: ${words}`));
  throw endedBy(ending, words);
}

/** How the load is over, by its own word. */
async function arrival(emulator: Emulator, stream: Uint8Array): Promise<string> {
  const { monitor } = emulator;
  await emulator.telling;
  const over = monitor.when("MIGRATION", ({ status }) => OVER.has(status));
  over.catch(() => {});
  const path = emulator.stream;
  await monitor.execute("migrate-incoming", { uri: `unix:${path}` });
  const socket = connect(path);
  // A reader that refuses stops to read.
  socket.on("error", () => {});
  socket.end(stream);
  try {
    return String((await over).status);
  } finally {
    socket.destroy();
  }
}
