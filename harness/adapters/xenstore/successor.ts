/**
 * Another program as the successor of a model that is a process of its own: it is started with the
 * descriptors of all clients, by the same numbers, and finds the state where daemons look for it.
 *
 * A real daemon execs its successor. A runtime cannot, as its descriptors end with an exec; so the
 * successor is a child here, and this process waits for it and ends as it does.
 *
 * Source: Xen, tools/xenstored/lu.c, do_lu_start(); tools/ocaml/xenstored/process.ml, launch_exn.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Profile } from "../../../src/xenstore/mod.ts";
import { DESCRIPTORS, targetOf } from "./descriptors.ts";
import type { Succession } from "./succession.ts";

/** How each program starts its successor: arguments of its own, what it adds, and its state. */
const WAYS = {
  stream: { own: ["-N"], added: ["-U"], file: "state_dump" },
  text: { own: ["--no-fork"], added: ["--live", "--restart"], file: "db" },
} as const;
/** Octets of a script that the system looks at. */
const FIRST_LINE_MAX = 256;
/** Standard input, output and error. */
const STANDARD = 3;

/**
 * Sockets that this process was given. An exec would keep them, whatever they are for; the runtime
 * marks them as if it would not, so that they are noted before it has any of its own.
 */
const given = socketsOpen();

/** Why the program at `path` cannot be named as the successor. Oxenstored has a trial of it. */
export function whyNotFollow({ state }: Profile, path: string): string | undefined {
  if (state === "stream") return undefined;
  const args = [...WAYS.text.added, ...WAYS.text.own, "--help"];
  const status = canRun(path) ? spawnSync(path, args, { stdio: "ignore" }).status : 2;
  return status === 0 ? undefined : `Command ${path} exited with code ${status}`;
}

/** Whether the system can run the program, or what its first line names. */
export function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    const fd = openSync(path, "r");
    const front = new Uint8Array(FIRST_LINE_MAX);
    try {
      readSync(fd, front);
    } finally {
      closeSync(fd);
    }
    const interpreter = /^#! *([^ \n\0]+)/.exec(String.fromCharCode(...front))?.[1];
    if (interpreter !== undefined) accessSync(interpreter, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program that is running: it need not be started to go on. */
export function isItself(path: string): boolean {
  try {
    return realpathSync(path) === realpathSync(process.argv[1] ?? "");
  } catch {
    return false;
  }
}

/** Starts the successor; the clients are its own from here on. */
export function follow(
  { update, state, descriptors, letGo }: Succession,
  profile: Profile,
  { socket, successor }: { readonly socket: string; readonly successor?: readonly string[] },
): ChildProcess {
  const { own, added, file } = WAYS[profile.state];
  const ours = (successor ?? own).filter((it) => !(added as readonly string[]).includes(it));
  const args = profile.state === "text" ? [...added, ...ours] : [...ours, ...added];
  const folder = process.env.XENSTORED_RUNDIR ?? dirname(socket);
  writeFileSync(join(folder, file), state, { mode: 0o600 });
  const more = update.commandLine?.split(" ").filter((it) => it !== "") ?? [];
  const others = [...given].filter(([fd, socket]) => targetOf(fd) === socket);
  const kept = [...descriptors, ...others.map(([fd]) => fd)];
  const stdio = Array.from({ length: Math.max(STANDARD, ...kept) + 1 }, (_, fd) => {
    if (fd < STANDARD) return "inherit" as const;
    return kept.includes(fd) ? fd : ("ignore" as const);
  });
  const child = spawn(update.binary, [...more, ...args], { stdio });
  letGo();
  return child;
}

/** Sockets by descriptor, as the system tells them apart. */
function socketsOpen(): Map<number, string> {
  const found = new Map<number, string>();
  try {
    for (const name of readdirSync(DESCRIPTORS)) {
      const socket = targetOf(Number(name));
      if (socket.startsWith("socket:") && Number(name) >= STANDARD) found.set(Number(name), socket);
    }
  } catch {
    // Another system tells nothing.
  }
  return found;
}
