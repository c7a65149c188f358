/**
 * How fast streams of QEMU are read: real ones, of which RAM is empty pages and most is device
 * state and its description, and made ones that are all RAM, whole pages or pages of one octet.
 *
 * Each figure is the median over blocks in which all take their turn, forwards and backwards, so
 * that a machine that slows down meanwhile slows down all of them. Not a test: nothing here fails
 * because a machine is busy.
 *
 * With `--analyzer PATH`, the path of QEMU's own `scripts/analyze-migration.py`, python3 reads the
 * same real streams with it, in one process and warm, without showing them, as we do.
 *
 * Run: `node src/qemu_stream/qemu_bench.ts`, `deno run -A ...`, `bun ...`; `--json` for data.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench } from "tinybench";
import { fixture } from "./fixture.ts";
import { type RamItem, readStream, type Section, StreamReader, writeStream } from "./mod.ts";

const CAPTURED = ["i440fx52-e1000_11.1", "q35-52-port-net_11.1", "isapc_5.2"];
/** Octets of a stream that is all RAM, and of the pieces in which it comes. */
const RAM_SIZE = 64 * 1024 * 1024;
const PIECE_SIZE = 64 * 1024;
const PAGE_SIZE = 4096;
/** Blocks of which the median is taken. */
const BLOCKS = 24;
/** Blocks before them, until the compilers of the runtime are done. */
const WARM_BLOCKS = 12;
/** Runs of the rival, of which the last half counts. */
const RIVAL_RUNS = 20;

/** What is measured. */
interface Subject {
  readonly stream: string;
  readonly what: string;
  /** Octets that one run takes in, or gives out. */
  readonly size: number;
  readonly run: () => unknown;
  /** Milliseconds of each run. */
  readonly samples: number[];
}

function main(): void {
  const subjects = [...CAPTURED.flatMap(capturedSubjects), ...ramSubjects()];
  for (let block = 0; block < WARM_BLOCKS + BLOCKS; block++) {
    if (block === WARM_BLOCKS) for (const { samples } of subjects) samples.length = 0;
    runBlock(block % 2 === 0 ? subjects : subjects.toReversed());
  }
  const analyzer = process.argv[process.argv.indexOf("--analyzer") + 1];
  const rival = process.argv.includes("--analyzer") ? rivalTimes(analyzer ?? "") : new Map();
  const results = subjects.map(({ stream, what, size, samples }) => {
    const ms = median(samples);
    const theirs: number | undefined = what === "read" ? rival.get(stream) : undefined;
    return { stream, what, size, ms, megabytesPerSecond: size / ms / 1e3, rivalMs: theirs ?? null };
  });
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(results));
    return;
  }
  for (const { stream, what, size, ms, megabytesPerSecond, rivalMs } of results) {
    const speed = `${ms.toFixed(2)} ms, ${megabytesPerSecond.toFixed(0)} MB/s`;
    const times = rivalMs === null ? "" : `; the rival ${(rivalMs / ms).toFixed(0)} times that`;
    console.log(`${stream} (${size} octets), ${what}: ${speed}${times}`);
  }
}

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1] as number;
}

/** Runs each once. */
function runBlock(subjects: readonly Subject[]): void {
  const options = { iterations: 1, time: 0, warmup: false, retainSamples: true, throws: true };
  const bench = new Bench(options);
  for (const [index, { run }] of subjects.entries()) bench.add(String(index), run);
  for (const [index, { result }] of bench.runSync().entries()) {
    if (result.state !== "completed") throw new Error(`Cannot measure: the run is ${result.state}`);
    subjects[index]?.samples.push(...(result.latency.samples ?? []));
  }
}

/** Reads in pieces as a file comes; RAM is not kept. */
function readInPieces(octets: Uint8Array): number {
  const reader = new StreamReader();
  for (let at = 0; at < octets.length; at += PIECE_SIZE) {
    reader.push(octets.subarray(at, at + PIECE_SIZE));
  }
  return reader.end().parts.length;
}

function capturedSubjects(stream: string): Subject[] {
  const octets = fixture(stream);
  const size = octets.length;
  const whole = readStream(octets);
  return [
    { stream, what: "read", size, run: () => readInPieces(octets), samples: [] },
    { stream, what: "write", size, run: () => writeStream(whole), samples: [] },
  ];
}

/** Short pieces of the same work, for `freezethaw bench own qemu`. */
export const qemuBench = {
  pieces: () =>
    capturedSubjects("isapc_5.2").map(({ what, run }) => {
      return { metric: `qemu ${what}`, times: what === "write" ? 2 : 1, run };
    }),
  rivals: {},
};

function ramSubjects(): Subject[] {
  const whole = withRam(RAM_SIZE / PAGE_SIZE, (address, block) => {
    return { kind: "page", address, ...block, octets: new Uint8Array(PAGE_SIZE).fill(0xa5) };
  });
  // Nine octets stand for a page.
  const fill = withRam(RAM_SIZE / 16 / 9, (address, block) => {
    return { kind: "fill", address, ...block, octet: 0 };
  });
  return [["whole pages", whole] as const, ["pages of one octet", fill] as const].map(
    ([stream, octets]) => {
      const run = () => readInPieces(octets);
      return { stream, what: "read", size: octets.length, run, samples: [] };
    },
  );
}

/** The smallest machine with as many pages as that in its only block. */
function withRam(
  count: number,
  pageAt: (address: number, block: { readonly block?: string }) => RamItem,
): Uint8Array {
  const pages = Math.floor(count);
  const stream = readStream(fixture("none_7.2"));
  const parts = stream.parts.map((part) => {
    if (part.kind !== "section" || part.content.kind !== "ram") return part;
    const items: RamItem[] = [];
    if (part.type === "START") {
      items.push({ kind: "blocks", blocks: [{ name: "ram", size: pages * PAGE_SIZE }] });
    }
    for (let index = 0; part.type === "PART" && index < pages; index++) {
      items.push(pageAt(index * PAGE_SIZE, index === 0 ? { block: "ram" } : {}));
    }
    items.push({ kind: "end" });
    return { ...part, content: { kind: "ram", items } } satisfies Section;
  });
  return writeStream({ ...stream, parts }).slice();
}

const RIVAL = `
import sys, time
source = open(sys.argv[1]).read()
exec(compile(source[:source.index("parser = argparse")], "analyzer", "exec"))
for path in sys.argv[3:]:
    times = []
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter()
        MigrationDump(path).read()
        times.append(time.perf_counter() - start)
    times = sorted(times[len(times) // 2:])
    print(times[len(times) // 2] * 1000)
`;

/** Milliseconds that the rival takes for each captured stream. */
function rivalTimes(analyzer: string): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-bench-"));
  try {
    const paths = CAPTURED.map((name) => {
      const path = join(folder, name);
      writeFileSync(path, fixture(name));
      return path;
    });
    const args = ["-c", RIVAL, analyzer, String(RIVAL_RUNS), ...paths];
    const lines = execFileSync("python3", args, { encoding: "utf8" }).trim().split("\n");
    return new Map(CAPTURED.map((name, index) => [name, Number(lines[index])]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) main();
