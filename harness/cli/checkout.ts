/**
 * A commit in a folder of its own for as long as it is needed, with the packages of this one.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UsageError } from "./exit.ts";

export class Checkout implements Disposable {
  readonly folder: string;
  readonly #parent: string;

  constructor(commit: string) {
    this.#parent = mkdtempSync(join(tmpdir(), "freezethaw-base-"));
    this.folder = join(this.#parent, commit.replaceAll(/[^A-Za-z0-9._-]/g, "_"));
    try {
      git("worktree", "add", "--quiet", "--detach", this.folder, commit);
    } catch (error) {
      rmSync(this.#parent, { recursive: true, force: true });
      const [line] = String((error as { readonly stderr?: unknown }).stderr ?? error).split("\n");
      throw new UsageError(`Cannot compare with ${commit} as git must have it: ${line}`);
    }
    const packages = resolve("node_modules");
    if (existsSync(packages)) symlinkSync(packages, join(this.folder, "node_modules"));
  }

  [Symbol.dispose](): void {
    git("worktree", "remove", "--force", this.folder);
    rmSync(this.#parent, { recursive: true, force: true });
  }
}

function git(...args: readonly string[]): void {
  execFileSync("git", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** The last release: the nearest tag. Undefined where there is none. */
export function lastRelease(): string | undefined {
  try {
    const args = ["describe", "--tags", "--abbrev=0"];
    return execFileSync("git", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}
