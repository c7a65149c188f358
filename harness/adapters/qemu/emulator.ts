/**
 * A running QEMU whose guest stands still: started deterministically, ruled through its monitor,
 * ended by a signal to it alone.
 *
 * @module
 */
import { readdirSync, rmSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { Deadline } from "./deadline.ts";
import type { Program } from "./installation.ts";
import { launch } from "./launch.ts";
import type { Ending, Launched } from "./launched.ts";
import { Lent } from "./lent.ts";
import { type Answer, expectMonitor, type Monitor, MonitorLost } from "./monitor.ts";
import { scratchFolder } from "./scratch.ts";
import { cleaned } from "./words.ts";

/** Arguments of every machine: no device that nobody asked for, a clock that says the same. */
export const BASE_ARGS = [
  "-nodefaults",
  "-no-user-config",
  ...["-display", "none", "-serial", "none", "-monitor", "none"],
  ...["-accel", "tcg", "-rtc", "base=2020-01-01T00:00:00,clock=vm"],
] as const;

/** How long a QEMU may take to come to its monitor; it takes 20 to 70 ms. */
const START_MS = 20_000;

/** Folders for sockets; whose names are never used again, as some are removed late. */
let named = 0;
const folders = new Lent<string>({
  make: () => scratchFolder("run"),
  tidy(folder) {
    for (const name of readdirSync(folder)) unlinkSync(join(folder, name));
    return true;
  },
  remove: (folder) => rmSync(folder, { recursive: true, force: true }),
});

/** A QEMU that did not come up. */
export class StartError extends Error {
  override readonly name = "StartError";
  /** Absent when it still runs, and does not come to its monitor. */
  readonly ending: Ending | undefined;
  /** What it said, on one line. */
  readonly words: string;

  constructor(what: string, words: string, ending?: Ending) {
    super(`${what}: ${words}`);
    this.words = words;
    this.ending = ending;
  }
}

export class Emulator implements AsyncDisposable {
  readonly #process: Launched;
  #monitor: Monitor | undefined;
  #greeting: Answer = {};
  #telling: Promise<unknown> | undefined;
  /** Where its sockets are. */
  readonly #folder: string;
  #isOver = false;
  /** Where a socket for streams may be. */
  readonly stream: string;

  /** Starts `program` with the arguments of a machine. */
  static async start(
    program: Program,
    args: readonly string[],
    limitMs = START_MS,
  ): Promise<Emulator> {
    const folder = folders.borrow();
    const number = ++named;
    const path = join(folder, `monitor-${number}`);
    using expected = await expectMonitor(path);
    const emulator = new Emulator(program, ["-qmp", `unix:${path}`, ...args], folder, number);
    try {
      await emulator.#connect(expected.came, limitMs);
      return emulator;
    } catch (error) {
      await emulator[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(program: Program, args: readonly string[], folder: string, number: number) {
    this.#folder = folder;
    this.stream = join(folder, `stream-${number}`);
    const own = [...program.args, ...BASE_ARGS, ...args];
    this.#process = launch({ ...program, args: own });
  }

  /** Its monitor, which listens as long as it runs. */
  get monitor(): Monitor {
    return this.#monitor as Monitor;
  }

  /** The package that it says it is of, such as `Debian 1:10.0.13+ds-0+deb13u1`. */
  get package(): string {
    const { package: name = "" } = (this.#greeting.version ?? {}) as Answer;
    return String(name);
  }

  /** Settles once it tells of migrations as they go on; it is asked to with its first command. */
  get telling(): Promise<unknown> {
    return this.#telling as Promise<unknown>;
  }

  /** The version that it says it has, such as `10.0.13`. */
  get version(): string {
    const { qemu = {} } = (this.#greeting.version ?? {}) as { qemu?: Answer };
    return [qemu.major, qemu.minor, qemu.micro].join(".");
  }

  /** What it said on standard error. */
  get stderr(): string {
    return this.#process.stderr();
  }

  /** How it ended, once it has. */
  get exited(): Promise<Ending> {
    return this.#process.exited;
  }

  async #connect(came: Promise<Monitor>, limitMs: number): Promise<void> {
    using deadline = new Deadline(limitMs);
    const failed = Promise.race([this.exited, deadline.passed]);
    const greeted = came.then(async (monitor) => {
      this.#monitor = monitor;
      this.#greeting = await monitor.greeting();
      if (!isGreeting(this.#greeting)) throw new MonitorLost("it greets as no QEMU does", false);
      const capable = monitor.execute("qmp_capabilities");
      const capabilities = [{ capability: "events", state: true }];
      this.#telling = monitor.execute("migrate-set-capabilities", { capabilities });
      // Who asks for none of it need not care.
      this.#telling.catch(() => {});
      await capable;
      return "greeted" as const;
    });
    // A process that ends takes its monitor along; how it ended says more.
    const lost = greeted.catch<MonitorLost | Ending | undefined>((error) =>
      error instanceof MonitorLost && !error.isEnd ? error : failed,
    );
    const outcome = await Promise.race([lost, failed]);
    if (outcome === "greeted") return;
    const words = cleaned(this.stderr);
    if (outcome === undefined) throw new StartError("QEMU comes to no monitor", words);
    if (outcome instanceof Error) {
      throw new StartError(`QEMU speaks no QMP, ${outcome.message}`, words);
    }
    throw new StartError("QEMU ended before it began", words, outcome);
  }

  /** Ends it at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#monitor?.close();
    this.#process.kill();
    await this.exited;
    if (!this.#isOver) folders.giveBack(this.#folder);
    this.#isOver = true;
  }
}

function isGreeting({ version }: Answer): boolean {
  const { qemu } = (version ?? {}) as { qemu?: Answer };
  return typeof qemu?.major === "number";
}

/** What `query-migrate` says when it is over, good or bad. */
export const OVER: ReadonlySet<unknown> = new Set(["completed", "failed", "cancelled"]);

/** The state of a migration. */
export async function migrationOf(monitor: Pick<Monitor, "execute">): Promise<Answer> {
  return (await monitor.execute("query-migrate")) as Answer;
}
