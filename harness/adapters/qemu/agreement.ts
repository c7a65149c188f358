/**
 * Machines that are sent from one QEMU straight into the next with a capability on: what both ends
 * list can be turned on, and what one of them lacks it refuses by name. Post-copy is gone over to
 * before much memory is sent.
 *
 * Source: QEMU, qapi/migration.json, MigrationCapability.
 *
 * @module
 */
import { HungError, RefusedError } from "../../adapter.ts";
import { Deadline } from "./deadline.ts";
import { type Emulator, migrationOf, OVER } from "./emulator.ts";
import { endedBy, lossOf } from "./loss.ts";
import { type Answer, type Monitor, MonitorError, MonitorLost } from "./monitor.ts";
import { classified, cleaned, isCutOff } from "./words.ts";

/** Capabilities that are turned on alone, whether an end has them or not. */
export const CAPABILITIES = [
  ...(["xbzrle", "multifd", "postcopy-ram", "mapped-ram", "return-path"] as const),
  ...(["zero-blocks", "validate-uuid"] as const),
] as const;

/** Those that go together; of each pair of ends, what both of them have. */
export const WANTED = ["xbzrle", "return-path", "validate-uuid", "switchover-ack"] as const;

export type Capability = (typeof CAPABILITIES)[number] | typeof AGREED | typeof POSTCOPY;

/** All of {@linkcode WANTED} that both ends have. */
export const AGREED = "agreed";

/** The memory comes after the machine. */
export const POSTCOPY = "postcopy";
/** More memory than a QEMU sends at once, whatever it is limited to: zeros take next to nothing. */
export const POSTCOPY_MEMORY = ["-m", "32"] as const;
/**
 * Octets a second, and milliseconds that the machine may stand still. A QEMU that has sent a piece
 * in no time believes that the rest takes none, too, and is done, unless it may not stand still.
 */
const SLOWLY = { "max-bandwidth": 1000, "downtime-limit": 0 } as const;

export const AGREEMENT_MODES: readonly Capability[] = [AGREED, ...CAPABILITIES, POSTCOPY];

/** How long one end may take; it takes 30 ms. */
const END_MS = 25_000;
/** How long one that has failed may take to end by itself. */
const FALL_MS = 5_000;

/** What an end of a migration is waited for by. */
export interface End extends Pick<Emulator, "exited" | "stderr"> {
  readonly monitor: Pick<Monitor, "execute" | "when">;
}

/** What the monitor lists, in its order. */
export async function offersOf({ monitor }: Emulator): Promise<readonly string[]> {
  const listed = (await monitor.execute("query-migrate-capabilities")) as readonly Answer[];
  return listed.map(({ capability }) => String(capability));
}

/** Turns capabilities on; one that is not there is refused by name. */
export async function turnOn(emulator: Emulator, names: readonly string[]): Promise<void> {
  const { monitor } = emulator;
  await emulator.telling;
  for (const capability of names) {
    try {
      const capabilities = [{ capability, state: true }];
      await monitor.execute("migrate-set-capabilities", { capabilities });
    } catch (error) {
      if (!(error instanceof MonitorError)) throw error;
      throw new RefusedError(classified(error.message));
    }
  }
}

/**
 * Sends the machine of `writer` into `reader`, which waits for one; both have `names` on. In one go
 * with that, the writer is given `commands`.
 */
export async function sendOver(
  writer: Emulator,
  reader: Emulator,
  names: readonly string[],
  commands: readonly string[] = [],
): Promise<void> {
  if (names.includes("mapped-ram")) {
    const uri = `file:${writer.stream}`;
    await asked(writer, "writer", "migrate", uri);
    await asked(reader, "reader", "migrate-incoming", uri);
    return;
  }
  const uri = `unix:${reader.stream}`;
  const came = ended(reader, "reader");
  came.catch(() => {});
  await execute(reader, "migrate-incoming", uri);
  const sent = asked(writer, "writer", "migrate", uri, commands);
  sent.catch(() => {});
  // Who does not take it says why; who sends only notices.
  try {
    await came;
  } catch (error) {
    throw isCutOff((error as Error).message) ? ((await fallOf(writer)) ?? error) : error;
  }
  try {
    await sent;
  } catch (error) {
    throw (await fallOf(reader)) ?? error;
  }
}

/** How one has ended that is about to, if it does: threads of it may wait for each other. */
async function fallOf(emulator: End, fallMs = FALL_MS): Promise<Error | undefined> {
  using deadline = new Deadline(fallMs);
  const ending = await Promise.race([emulator.exited, deadline.passed]);
  return ending === undefined ? undefined : endedBy(ending, cleaned(emulator.stderr));
}

/**
 * Sends the machine of `writer` into `reader`, and its memory after it. Answers whether it came to
 * that. The switch is asked for in one go with the migration, and memory is sent slowly: on a busy
 * machine all is over when somebody has seen it begin.
 */
export async function sendBehind(writer: Emulator, reader: Emulator): Promise<boolean> {
  let isBehind = false;
  const behind = reader.monitor.when("MIGRATION", ({ status }) => status === "postcopy-active");
  behind.then(
    () => {
      isBehind = true;
    },
    () => {},
  );
  await writer.monitor.execute("migrate-set-parameters", SLOWLY);
  await sendOver(writer, reader, [], ["migrate-start-postcopy"]);
  return isBehind;
}

/** Has a migration begun, and waits for its end. */
async function asked(
  emulator: Emulator,
  who: "writer" | "reader",
  command: string,
  uri: string,
  more: readonly string[] = [],
): Promise<void> {
  const over = ended(emulator, who);
  over.catch(() => {});
  const begun = execute(emulator, command, uri);
  await Promise.all([begun, ...more.map((name) => emulator.monitor.execute(name))]);
  await over;
}

async function execute({ monitor }: Emulator, command: string, uri: string): Promise<void> {
  try {
    await monitor.execute(command, { uri });
  } catch (error) {
    throw error instanceof MonitorError ? new RefusedError(classified(error.message)) : error;
  }
}

/**
 * Waits for the end of a migration, and throws when it is no good one; {@linkcode HungError} when a
 * reader that has failed, or is lost, does not end within `fallMs`.
 */
export async function ended(
  emulator: End,
  who: "writer" | "reader",
  fallMs = FALL_MS,
): Promise<void> {
  const { monitor } = emulator;
  using deadline = new Deadline(END_MS);
  const over = monitor.when("MIGRATION", ({ status }) => OVER.has(status)).catch((error) => error);
  const outcome: Answer | Error | undefined = await Promise.race([over, deadline.passed]);
  if (outcome === undefined) {
    const { status = "silent" } = await migrationOf(monitor).catch((): Answer => ({}));
    throw new HungError(`hang: the ${who} is still at ${status}: ${cleaned(emulator.stderr)}`);
  }
  if (outcome instanceof MonitorLost) throw await endOf(emulator, outcome, fallMs);
  if (outcome instanceof Error) throw outcome;
  const { status } = outcome as Answer;
  if (status === "completed") return;
  if (who === "reader") {
    const hang = `hang: the reader ${status} and does not end: ${cleaned(emulator.stderr)}`;
    throw (await fallOf(emulator, fallMs)) ?? new HungError(hang);
  }
  const { "error-desc": reason = "it said nothing" } = await migrationOf(monitor);
  throw new RefusedError(classified(`the writer ${status}: ${reason}`));
}

async function endOf(emulator: End, error: MonitorLost, fallMs: number): Promise<Error> {
  if (!error.isEnd) return await lossOf(emulator, error);
  return (
    (await fallOf(emulator, fallMs)) ?? new HungError(`hang: ${error.message}, and it does not end`)
  );
}
