/**
 * A process and all that it has started: how much memory they hold, and their end. Who leaves the
 * group, as a daemon does, is out of reach.
 *
 * @module
 */
import { readFileSync } from "node:fs";

/** Groups that would outlive this process. */
const alive = new Set<number>();
process.once("exit", () => {
  for (const pid of alive) kill(pid);
});

export class ProcessGroup {
  readonly #leader: number;

  constructor(leader: number) {
    this.#leader = leader;
    alive.add(leader);
  }

  /** Octets of memory that it holds; 0 where nobody can tell. */
  get memoryBytes(): number {
    return residentBytes(this.#leader, 0);
  }

  /** Ends all of it at once. */
  end(): void {
    kill(this.#leader);
  }

  /** Its leader has ended. */
  forget(): void {
    alive.delete(this.#leader);
  }
}

function kill(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

const PAGE_BYTES = 4096;
/** Children of children that are looked at. */
const DEPTH_MAX = 8;

/** Source: proc(5), statm. */
function residentBytes(pid: number, depth: number): number {
  try {
    const [, pages = "0"] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    const pids = depth < DEPTH_MAX ? children.split(" ").filter((it) => it !== "") : [];
    const below = pids.reduce((sum, child) => sum + residentBytes(Number(child), depth + 1), 0);
    return Number(pages) * PAGE_BYTES + below;
  } catch {
    // It has ended, or this system has no such files.
    return 0;
  }
}
