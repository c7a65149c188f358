/**
 * A command that is started within limits which the system itself holds it to, and all that it
 * starts: memory, size of a file, no core files.
 *
 * Source: POSIX, sh, `ulimit` (files in blocks of 512 octets); setrlimit(2), RLIMIT_DATA.
 *
 * @module
 */

export interface Confines {
  readonly memoryBytes: number;
  readonly fileBytes: number;
}

/** Runtimes reserve memory that they never touch; V8 about half as much. */
const RESERVED_BYTES = 1024 * 1024 * 1024;
const BLOCK_BYTES = 512;
const KIB = 1024;

/** Exit codes of a shell that cannot start what it is to become, as errors of the system. */
export const NOT_STARTED: Readonly<Record<number, string>> = { 126: "EACCES", 127: "ENOENT" };

/** `command` by way of a shell that becomes it; as it is where there is no such shell. */
export function confined(command: readonly string[], confines: Confines): readonly string[] {
  if (process.platform === "win32") return command;
  const blocks = Math.ceil(confines.fileBytes / BLOCK_BYTES);
  const kib = Math.ceil((confines.memoryBytes + RESERVED_BYTES) / KIB);
  // A limit that is already lower stays.
  const limits = ["-c 0", `-f ${blocks}`, `-d ${kib}`].map((it) => `ulimit ${it} 2>/dev/null || :`);
  return ["/bin/sh", "-c", `${limits.join("; ")}; exec "$@"`, "sh", ...command];
}
