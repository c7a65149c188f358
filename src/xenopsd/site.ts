/**
 * Where an operation is at work: its task, its thread's step point, and how files are written so
 * that each part of it can be struck.
 *
 * @module
 */
import type { Codec } from "../xenops_interface/mod.ts";
import type { Engine } from "./engine.ts";
import type { Path } from "./fs.ts";
import { type Phase, POINT, type Run, type StepPoint } from "./step_point.ts";
import type { Task } from "./task.ts";

export class Site {
  readonly engine: Engine;
  readonly task: Task;
  readonly point: StepPoint;
  /** What it cleans up after: a cleanup does not clean up after itself without end. */
  readonly depth: number;
  /** Leaves of the operation so far. */
  leaves = 0;
  #mids = 0;

  constructor(engine: Engine, task: Task, point: StepPoint, depth = 0) {
    this.engine = engine;
    this.task = task;
    this.point = point;
    this.depth = depth;
  }

  /** Before the first effect of a leaf, or, with atom -1, of the operation by itself. */
  before(atom: number, leaf: string, subject: string): typeof POINT {
    this.#mids = 0;
    this.point.atom = atom;
    this.point.leaf = leaf;
    this.point.subject = subject;
    return this.#at("before", "");
  }

  /** Behind an effect that is not the last one. */
  mid(what: string): typeof POINT {
    this.#mids++;
    return this.#at(`mid:${this.#mids}`, what);
  }

  after(): typeof POINT {
    return this.#at("after", "");
  }

  /** Two effects: the text is on the disk, then it is in its place. */
  *write<T>(path: Path, value: T, codec: Codec<T>, what: string): Run<void> {
    const { fs } = this.engine.db;
    fs.stage(path, value, codec);
    try {
      yield this.mid(`${what}.tmp`);
    } catch (error) {
      // Whoever fails tidies up; only an end of the process leaves the file.
      fs.unstage(path);
      throw error;
    }
    fs.commit(path);
  }

  #at(phase: Phase, what: string): typeof POINT {
    this.point.phase = phase;
    this.point.what = what;
    this.point.task = this.task.id;
    return POINT;
  }
}

export function newPoint(): StepPoint {
  return {
    index: 0,
    op: "",
    atom: -1,
    leaf: "",
    subject: "",
    phase: "before",
    what: "",
    task: "",
  };
}
