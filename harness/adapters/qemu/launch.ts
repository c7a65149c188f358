/**
 * Starts programs whose words on standard error matter, and how they end. Whoever started one may
 * be ended without a word, as by a second interrupt: the program goes along.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { type Ending, FLOOD_SIZE, type Launched, type Launching, STDERR_MAX } from "./launched.ts";
import { canLaunch, launchByShell } from "./launcher.ts";

/**
 * Becomes the program, beside a shell that waits for the end of a pipe that nobody writes to: it
 * comes with the end of whoever started them, and then the group is ended.
 */
const GUARDED = `exec 3<&0 </dev/null
(
  exec <&3 3<&- >/dev/null 2>&1
  read -r never
  kill -KILL 0
) &
exec 3<&-
exec "$@"`;

/** Starts a program; one that is not there has ended, and its standard error says so. */
export function launch(launching: Launching): Launched {
  return canLaunch(launching) ? launchByShell(launching) : launchAlone(launching);
}

function launchAlone({ command, args, env, isBrought = false }: Launching): Launched {
  const child = spawn("/bin/sh", ["-c", GUARDED, "sh", command, ...args], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "ignore", "pipe"],
    // An interrupt from a terminal is not for it; and it is ended with all that it has started.
    detached: true,
  });
  const said = { end: "", size: 0, isAll: false };
  const kill = () => {
    if (!said.isAll && child.pid !== undefined) killGroup(child.pid);
  };
  const exited = new Promise<Ending>((resolve) => {
    child.once("error", (error) => {
      said.end += error.message;
      resolve({ code: null, signal: null });
    });
    // What it has started and left behind goes with it.
    child.once("exit", () => child.stdin.destroy());
    child.once("close", (code, signal) => {
      said.isAll = true;
      resolve({ code, signal, ...(said.size > FLOOD_SIZE ? { flooded: true } : {}) });
    });
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.end = (said.end + text).slice(-STDERR_MAX);
    said.size += text.length;
    if (isBrought && said.size > FLOOD_SIZE) kill();
  });
  return { exited, stderr: () => said.end, kill };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
