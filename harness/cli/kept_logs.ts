/**
 * What adapters wrote beside their answers, carried along when reports are merged. A file is named
 * by what it holds, so that files of two shards do not clash and one that came twice is one.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { MergeInput } from "../merge.ts";
import type { ConditionResult, TranscriptLine } from "../report.ts";
import { INPUT_SIZE_MAX } from "./input.ts";

/** Names that reports may have of logs: those that a run gives, and those given here. */
const NAME = /^[a-z0-9][a-z0-9-]{0,99}\.log$/;
/** Digits of SHA-256 in a name. */
const DIGITS = 16;

export class KeptLogs {
  readonly #folder: string;
  /** Logs that reports name and nobody finds, with their report. */
  readonly lost = new Set<string>();

  /** `folder` is where they go; it is made for the first. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The report with logs called as they are called here; they are looked for beside it. */
  carried({ path, header, lines, end }: MergeInput): MergeInput {
    const folders = foldersBeside(dirname(path));
    const names = new Map<string, string>();
    const renamed = (line: TranscriptLine): TranscriptLine => {
      if (line.event !== "log") return line;
      const known = names.get(line.detail) ?? this.#carry(line.detail, folders, path);
      names.set(line.detail, known);
      return { ...line, detail: known };
    };
    const changed = (result: ConditionResult): ConditionResult => {
      if (result.transcript.every(({ event }) => event !== "log")) return result;
      return { ...result, transcript: result.transcript.map(renamed) };
    };
    function* carriedLines(): ReturnType<MergeInput["lines"]> {
      for (const line of lines()) yield line.type === "condition" ? changed(line) : line;
    }
    return { path, header, lines: carriedLines, ...(end === undefined ? {} : { end }) };
  }

  #carry(name: string, folders: readonly string[], report: string): string {
    const log = NAME.test(name) ? firstOf(name, folders) : undefined;
    if (log === undefined) {
      this.lost.add(`${name} of ${report}`);
      return name;
    }
    const digest = createHash("sha256").update(log).digest("hex");
    const kept = `${digest.slice(0, DIGITS)}.log`;
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, kept), log);
    return kept;
  }
}

/** Where a run may have kept logs: in the folder of its report, or in one of the folders there. */
function foldersBeside(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return [folder, ...inner.toSorted().map((name) => join(folder, name))];
}

/** A link would let a report name any file of the machine. */
function firstOf(name: string, folders: readonly string[]): Buffer | undefined {
  for (const folder of folders) {
    const path = join(folder, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isFile() && found.size <= INPUT_SIZE_MAX) return readFileSync(path);
  }
  return undefined;
}
