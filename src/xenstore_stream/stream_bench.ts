/**
 * How fast a stream of many nodes is read, and read and verified: 100,000 nodes with paths of
 * about 40 octets and values of 16 octets, as most of a store has them, or of 2 KB.
 *
 * Each figure is the median over blocks in which all take their turn, forwards and backwards, so
 * that a machine that slows down meanwhile slows down all of them; beside it the fastest, which a
 * busy machine disturbs less. Not a test: nothing here fails because a machine is busy.
 *
 * Run: `node src/xenstore_stream/stream_bench.ts`, `deno run -A ...`, `bun ...`; `--json` for data.
 *
 * @module
 */
import { Bench } from "tinybench";
import { inspect, type NodeData, readStream, type StreamRecord, writeStream } from "./mod.ts";

const NODES = 100_000;
const NODES_OF_PIECE = 1_000;
/** Nodes of a domain, below two of its own. */
const NODES_OF_DOMAIN = 100;
/** Octets of a value. */
const VALUE_SIZES = [16, 2048];
/** Blocks of which the median is taken. */
const BLOCKS = 16;
/** Blocks before them, until the compilers of the runtime are done. */
const WARM_BLOCKS = 8;

/** What is measured. */
interface Subject {
  readonly valueSize: number;
  readonly what: "read" | "read and verify";
  /** Octets that one run takes in. */
  readonly size: number;
  readonly run: () => unknown;
  /** Milliseconds of each run. */
  readonly samples: number[];
}

function main(): void {
  const subjects = VALUE_SIZES.flatMap(subjectsOf);
  for (let block = 0; block < WARM_BLOCKS + BLOCKS; block++) {
    if (block === WARM_BLOCKS) for (const { samples } of subjects) samples.length = 0;
    runBlock(block % 2 === 0 ? subjects : subjects.toReversed());
  }
  const results = subjects.map(({ valueSize, what, size, samples }) => {
    const ms = samples.toSorted((a, b) => a - b)[samples.length >> 1] as number;
    const fastestMs = Math.min(...samples);
    const [gigabytesPerSecond, fastestGbps] = [size / ms / 1e6, size / fastestMs / 1e6];
    const speeds = { ms, gigabytesPerSecond, fastestMs, fastestGbps };
    return { nodes: NODES, valueSize, what, size, ...speeds };
  });
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(results));
    return;
  }
  for (const { valueSize, what, size, ...speeds } of results) {
    const stream = `${NODES} nodes with values of ${valueSize} octets (${size} octets)`;
    const [median, fastest] = [
      textOf(speeds.ms, speeds.gigabytesPerSecond),
      textOf(speeds.fastestMs, speeds.fastestGbps),
    ];
    console.log(`${stream}, ${what}: ${median}; the fastest ${fastest}`);
  }
}

function textOf(ms: number, gigabytesPerSecond: number): string {
  return `${ms.toFixed(1)} ms, ${gigabytesPerSecond.toFixed(2)} GB/s`;
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

/** Both must see every record, and nothing wrong, or the figures mean nothing. */
function subjectsOf(valueSize: number): Subject[] {
  const octets = streamOf(valueSize);
  const { stream, violationCount } = inspect(octets);
  if (stream?.records.length !== NODES + 1 || violationCount !== 0) {
    throw new Error(`Cannot measure a bad stream: it has ${violationCount} violations`);
  }
  const size = octets.length;
  return [
    { valueSize, what: "read", size, run: () => readStream(octets), samples: [] },
    { valueSize, what: "read and verify", size, run: () => inspect(octets), samples: [] },
  ];
}

/** Short pieces of the same work, for `freezethaw bench own xenstore`. */
export const xenstoreBench = {
  pieces() {
    const octets = streamOf(VALUE_SIZES[0] ?? 0, NODES_OF_PIECE);
    return [
      { metric: "xenstore read", times: 2, run: () => readStream(octets) },
      { metric: "xenstore verify", times: 1, run: () => inspect(octets) },
    ];
  },
  rivals: {},
};

/** A store of many domains that have a device each, as C xenstored writes it. */
function streamOf(valueSize: number, nodes = NODES): Uint8Array {
  const value = new Uint8Array(valueSize).fill(0x31);
  const records: StreamRecord[] = [];
  for (const path of paths().take(nodes)) records.push(nodeOf(path, value));
  return writeStream({ layout: "1", records: [...records, { kind: "END" }] });
}

/** Each path comes behind that of its parent. */
function* paths(): Generator<string, never> {
  yield* ["/", "/local", "/local/domain"];
  for (let domid = 0; ; domid++) {
    const domain = `/local/domain/${domid}`;
    yield* [domain, `${domain}/device`];
    for (let index = 0; index < NODES_OF_DOMAIN; index++) {
      yield `${domain}/device/interface-state-${index}`;
    }
  }
}

function nodeOf(path: string, value: Uint8Array): NodeData {
  const perms = [{ perm: "n", flags: 0, domid: 0 }];
  return { kind: "NODE_DATA", connId: 0, txId: 0, access: 0, perms, path, value };
}

if (import.meta.main) main();
