/**
 * A run while it goes on: its lines into a file, its times beside it, and an end to it when
 * somebody interrupts it or it has failed fast.
 *
 * @module
 */
import { DiskFull, isDiskFull, laterOf } from "../disk_full.ts";
import { NdjsonWriter } from "../ndjson_writer.ts";
import type { Run } from "../run.ts";
import { HeapKeeper } from "./heap.ts";
import { Progress } from "./progress.ts";
import type { Session } from "./session.ts";
import type { Source } from "./source.ts";
import { TimesWriter } from "./times_file.ts";

/** Why a run is not at its end. */
export type Stopped = "interrupted" | "failed" | undefined;

/** What is on disk stays there, also when it is full. */
const HINT = "the results so far are kept. The same command with --resume goes on from there";

/** Runs the plan into the file `path`. Answers what has stopped it, if anything did. */
export async function execute(
  runner: Run,
  source: Source,
  path: string,
  session: Session,
  failFast: boolean,
): Promise<Stopped> {
  try {
    return await executed(runner, source, path, session, failFast);
  } catch (thrown) {
    const error = laterOf(thrown);
    throw isDiskFull(error) ? new DiskFull(`${error.message}; ${HINT}`) : error;
  }
}

async function executed(
  runner: Run,
  source: Source,
  path: string,
  { shell }: Session,
  failFast: boolean,
): Promise<Stopped> {
  const { tally } = runner;
  const progress = new Progress(shell, runner.planned);
  using _ = shell.onInterrupt(() => source.stop());
  const mode = source.from > 0 ? "append" : "replace";
  using writer = new NdjsonWriter(path, mode);
  using times = new TimesWriter(path, mode);
  if (source.from === 0) writer.write(runner.header);
  const heap = new HeapKeeper();
  const hasFailed = () => failFast && tally.surprises + tally.adapterFaults > 0;
  for await (const text of source.texts()) {
    writer.writeText(text);
    times.write(runner.takeTimes());
    progress.show(tally);
    heap.note(tally.conditions);
    if (hasFailed()) source.stop();
  }
  progress.clear();
  if (tally.conditions < runner.planned) return hasFailed() ? "failed" : "interrupted";
  const evidence = runner.shardEvidence();
  if (evidence !== undefined) writer.write(evidence);
  writer.write(runner.end());
  return undefined;
}
