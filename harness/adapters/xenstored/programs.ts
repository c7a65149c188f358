/**
 * How each release is started, and how it goes on where another one has left.
 *
 * @module
 */
import { RefusedError } from "../../adapter.ts";
import { type Beginning, Daemon } from "./daemon.ts";
import type { Host } from "./host.ts";
import { installed, type Program } from "./installation.ts";
import { ModelHost } from "./model_host.ts";
import { shimPath } from "./paths.ts";
import type { Reference } from "./reference.ts";
import type { Dialect, RealRelease, Release } from "./releases.ts";
import type { RunDirectory } from "./run_directory.ts";

/** Where a daemon has left. */
export interface Place {
  readonly host: Host;
  readonly directory: RunDirectory;
  /** Of the daemon that has left. */
  readonly dialect: Dialect;
}

export class Programs {
  readonly #reference: Reference | undefined;

  constructor(reference: Reference | undefined) {
    this.#reference = reference;
  }

  /** Why `release` cannot be started here. */
  whyNot(release: Release): string | undefined {
    if (release.kind === "model") return this.#reference ? undefined : "there is no model";
    const found = installed(release);
    return typeof found === "string" ? found : undefined;
  }

  /** What a release lacks to take over from another one here. */
  lacksAfter(before: Release, { kind }: Release): string | undefined {
    const reason = this.#reference?.whyNotInherit;
    if (reason === undefined || kind === "real" || before.kind === "model") return undefined;
    return `the connections of a process (${reason})`;
  }

  /** Starts the first daemon. */
  async start(release: Release, directory: RunDirectory): Promise<Host> {
    if (release.kind === "model") return await ModelHost.start(this.#model, release, directory);
    const program = programOf(release);
    return new Daemon(beginningOf(release, program), directory);
  }

  /** Has `release` go on where another one has left, and tells where that is. */
  async follow({ host, directory, dialect }: Place, release: Release): Promise<Host> {
    if (host instanceof ModelHost) {
      if (release.kind === "model") {
        await host.goOn(release, directory.readState(dialect));
        return host;
      }
      const program = programOf(release);
      const args = successorArgs(dialect, program);
      const beginning: Beginning = { program, args, descriptors: host.left.descriptors };
      const daemon = new Daemon(beginning, directory);
      host.letGo();
      return daemon;
    }
    if (!(host instanceof Daemon)) throw new Error("Cannot go on at an unknown host");
    if (release.kind === "model") {
      const file = directory.stateFile(dialect);
      const command = await this.#model.command();
      host.resume(["model", command.join(" "), release.profile, file]);
    } else {
      const { loader, libraries, path } = programOf(release);
      host.resume(["real", shimPath(), loader, libraries, path]);
    }
    return host;
  }

  get #model(): Reference {
    if (this.#reference === undefined) throw new RefusedError("there is no model");
    return this.#reference;
  }
}

/** How the first daemon begins. */
export function beginningOf({ dialect }: RealRelease, program: Program): Beginning {
  return { program, args: ownArgs(dialect, program), descriptors: [] };
}

/** What a daemon of each kind passes to its successor: its own arguments and something more. */
function successorArgs(dialect: Dialect, program: Program): string[] {
  const own = ownArgs(dialect, program);
  return dialect === "c" ? [...own, "-U"] : ["--live", "--restart", ...own];
}

/** Arguments of a daemon in the foreground. */
function ownArgs(dialect: Dialect, { config }: Program): string[] {
  return dialect === "c" ? ["-N"] : ["--no-fork", "--config-file", config];
}

function programOf(release: RealRelease): Program {
  const program = installed(release);
  if (typeof program === "string") throw new RefusedError(program);
  return program;
}
