/**
 * Starts programs whose words on standard error matter, and how they end.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { type Ending, type Launched, type Launching, STDERR_MAX } from "./launched.ts";
import { canLaunch, launchByShell } from "./launcher.ts";

/** Starts a program; one that is not there has ended, and its standard error says so. */
export function launch(launching: Launching): Launched {
  return canLaunch(launching) ? launchByShell(launching) : launchAlone(launching);
}

function launchAlone({ command, args, env }: Launching): Launched {
  let stderr = "";
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = new Promise<Ending>((resolve) => {
    child.once("error", (error) => {
      stderr += error.message;
      resolve({ code: null, signal: null });
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_MAX);
  });
  return {
    exited,
    stderr: () => stderr,
    kill: () => void child.kill("SIGKILL"),
  };
}
