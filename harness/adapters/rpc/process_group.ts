/**
 * A process and all that it has started: how much they hold, and their end. Who leaves the group,
 * as a daemon does, is found by a variable of its environment where there is `/proc`.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** Groups that would outlive this process. */
const alive = new Set<ProcessGroup>();
process.once("exit", () => {
  for (const group of alive) group.bury();
});

/** A variable of the environment that no other process has. */
export function newMark(): string {
  return `FREEZETHAW_PROCESS_${randomUUID().replaceAll("-", "")}`;
}

export class ProcessGroup {
  readonly #leader: number;
  readonly #mark: string;
  readonly #atEnd: () => void;

  /** `mark` is in the environment of the leader; `atEnd` is called when this process ends first. */
  constructor(leader: number, mark: string, atEnd: () => void) {
    this.#leader = leader;
    this.#mark = mark;
    this.#atEnd = atEnd;
    alive.add(this);
  }

  /** What it holds now; nothing where nobody can tell. */
  get holdings(): Holdings {
    return holdingsOf(this.#leader, 0);
  }

  /** Ends the group at once. */
  end(): void {
    kill(-this.#leader);
  }

  /** Its leader has ended, or nobody will look after it: ends those that have left it, too. */
  bury(): void {
    this.end();
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const left = marked(this.#mark);
      for (const pid of left) kill(pid);
      if (left.length === 0) break;
    }
    if (alive.delete(this)) this.#atEnd();
  }
}

/** Who starts others while it is ended is looked for again, so often. */
const ROUNDS_MAX = 16;

/** What processes hold. */
export interface Holdings {
  /** Octets of memory. */
  readonly memoryBytes: number;
  readonly processes: number;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

/** Processes with `name` in their environment that have not ended. Source: proc(5), environ. */
function marked(name: string): number[] {
  let pids: string[];
  try {
    pids = readdirSync("/proc").filter((it) => /^\d+$/.test(it));
  } catch {
    return [];
  }
  return pids.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").includes(name);
    } catch {
      // It has ended, or is somebody else's.
      return false;
    }
  });
}

const PAGE_BYTES = 4096;
/** Children of children that are looked at. */
const DEPTH_MAX = 8;

/** Source: proc(5), statm. */
function holdingsOf(pid: number, depth: number): Holdings {
  try {
    const [, pages = "0"] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    const pids = depth < DEPTH_MAX ? children.split(" ").filter((it) => it !== "") : [];
    let memoryBytes = Number(pages) * PAGE_BYTES;
    let processes = 1;
    for (const child of pids) {
      const below = holdingsOf(Number(child), depth + 1);
      memoryBytes += below.memoryBytes;
      processes += below.processes;
    }
    return { memoryBytes, processes };
  } catch {
    // It has ended, or this system has no such files.
    return { memoryBytes: 0, processes: 0 };
  }
}
