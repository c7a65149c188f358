/**
 * Temporary folders, all within one of this process that goes when it does, however that ends: a
 * second interrupt ends it without a word, before anybody has removed anything.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Waits for the end of a pipe that nobody writes to, which comes with the end of whoever started
 * it. What is about to be ended just then may still make a file.
 */
const REMOVER = 'read -r never; rm -rf "$1" || { sleep 1; rm -rf "$1"; }';

let parent: string | undefined;

/** Makes a folder whose name begins with `name`. */
export function scratchFolder(name: string): string {
  parent ??= guardedFolder();
  return mkdtempSync(join(parent, `${name}-`));
}

function guardedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-qemu-"));
  const remover = spawn("/bin/sh", ["-c", REMOVER, "sh", folder], {
    // Who waits for the end of what this process says waits for the removal, too.
    stdio: ["pipe", "ignore", "inherit"],
    // An interrupt from a terminal is not for it.
    detached: true,
  });
  // Without a shell no QEMU is started, either.
  remover.on("error", () => {});
  remover.unref();
  const input = remover.stdin as Socket;
  input.on("error", () => {});
  input.unref?.();
  return folder;
}
