/**
 * The model of XenStore for the outside: as a daemon on a socket and on shared rings, in a process
 * of its own or within another program.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PROFILES, type Profile } from "../../../src/xenstore/mod.ts";
import { SocketServer } from "./socket_server.ts";
import type { Succession } from "./succession.ts";
import { canRun, follow, isItself, whyNotFollow } from "./successor.ts";

export interface ServeOptions {
  readonly socket: string;
  readonly profile: string;
  /** Folder of shared rings. */
  readonly rings?: string;
  readonly state?: Uint8Array;
  readonly inherit: boolean;
  /** Arguments of the program that succeeds, where they are not the usual ones. */
  readonly successor?: readonly string[];
  /** Seconds of a clock that never goes back. */
  readonly now: () => number;
}

/** A model that serves until it is stopped or has given its clients away. */
export interface Served {
  /** Exit code of the program that succeeded. */
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

export interface HostOptions extends Pick<ServeOptions, "socket" | "profile"> {
  readonly rings: string;
  /** The model has saved its state and does nothing more. */
  readonly left: (succession: HostSuccession) => void;
}

/** What the model has left, for whoever runs it. */
export interface HostSuccession extends Omit<Succession, "goOn"> {
  /** The model goes on as `profile` from `state`; throws when it refuses it. */
  goOn(profile: string, state: Uint8Array): void;
}

/** Seconds of the clock of a model within this process for each look, and how often it looks. */
const [HOST_STEP_S, HOST_POLL_MS] = [0.05, 5];

/** The model as a daemon. */
export const xenstore = {
  /** Names of the daemons that the model can stand for. */
  profiles: Object.keys(PROFILES),

  /** What of the command's options it has. */
  options: ["rings", "restore", "inherit"] as const,

  /** Command that serves in a process of its own; its options follow. */
  command: commandOf(process.versions),

  /** Why connections cannot be taken over from another process here. */
  whyNotInherit:
    process.versions.bun === undefined ? undefined : "Bun cannot adopt a connection that is open",

  /** Serves at a socket until the result is stopped. */
  async serve(options: ServeOptions): Promise<Served> {
    const { socket: path, profile: name, successor: _, ...rest } = options;
    const profile = profileOf(name);
    if (rest.inherit && xenstore.whyNotInherit !== undefined) {
      throw new RangeError(`Cannot take over a connection: ${xenstore.whyNotInherit}`);
    }
    const { promise: ended, resolve: end } = Promise.withResolvers<number>();
    let child: ChildProcess | undefined;
    const server = new SocketServer({
      ...rest,
      path,
      profile,
      isItself,
      mayFollow: (program) => whyNotFollow(profile, program),
      succeed: (succession) => {
        child = follow(succession, profile, options);
        child.on("error", () => end(1));
        child.on("exit", (code) => end(code ?? 1));
      },
    });
    await server.start();
    return {
      ended,
      async stop() {
        child?.kill();
        await server.stop();
      },
    };
  },

  /** Serves within this process; what comes after an update is up to the caller. */
  async host(options: HostOptions): Promise<Pick<Served, "stop">> {
    const { socket: path, profile, rings, left } = options;
    // Time stands still but while an update waits for clients; then it is soon over.
    let looks = 0;
    const stand = profileOf(profile);
    const server = new SocketServer({
      path,
      profile: stand,
      rings,
      now: () => HOST_STEP_S * looks++,
      pollMs: HOST_POLL_MS,
      // The program is not run, so that it need not be tried.
      mayFollow: (program) =>
        stand.state === "stream" || canRun(program)
          ? undefined
          : `Command ${program} exited with code 2`,
      succeed: ({ goOn, ...succession }) =>
        left({ ...succession, goOn: (name, state) => goOn(profileOf(name), state) }),
    });
    await server.start();
    return server;
  },
};

function profileOf(name: string): Profile {
  const profile = PROFILES[name];
  if (profile === undefined) throw new RangeError(`Cannot find profile "${name}"`);
  return profile;
}

function commandOf({ deno, bun }: NodeJS.ProcessVersions): readonly string[] {
  const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
  // Node is to keep what it makes of main.ts itself, too.
  const node = bun === undefined ? ["--import", pathOf("node_version.js")] : [];
  const flags = deno === undefined ? node : ["run", "-A"];
  return [process.execPath, ...flags, pathOf("main.ts"), "serve", "xenstore"];
}
