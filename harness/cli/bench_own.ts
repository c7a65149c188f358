/**
 * `freezethaw bench own`: what one process measures of our own code, or of a rival's.
 *
 * @module
 */
import type { Command } from "commander";
import { integer } from "./choice.ts";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { measured, type OwnBenches, type Piece } from "./own_bench.ts";
import { percent } from "./percent.ts";
import { metricLines, processorMetric, processorMs } from "./printed_metrics.ts";
import type { Session } from "./session.ts";

interface OwnOptions {
  readonly rival?: string;
  readonly rounds: number;
  readonly slower: number;
}

/** What a process has time for. */
const ROUNDS = 30;

export function addOwn(bench: Command, session: Session<{ readonly benches: OwnBenches }>): void {
  const { benches } = session.product;
  bench
    .command("own")
    .description(`measure our own code in one process: ${Object.keys(benches).join(", ")}`)
    .argument("[names...]", "which benches", Object.keys(benches))
    .option("--rival <name>", "measure another codec in place of ours")
    .option("--rounds <number>", "of all pieces", integer("--rounds", 1, 100_000), ROUNDS)
    .option("--slower <percent>", "be slower, to see that it is found", percent("--slower", 0), 0)
    .action(async (names: readonly string[], { rival, rounds, slower }: OwnOptions) => {
      const pieces: Piece[] = [];
      for (const name of names) pieces.push(...(await piecesOf(benches, name, rival)));
      const metrics = measured(pieces, rounds, processorMs, slower);
      const own = rival === undefined ? [processorMetric("processor of own code")] : [];
      await session.shell.write(metricLines([...metrics, ...own]));
    });
}

async function piecesOf(
  benches: OwnBenches,
  name: string,
  rival: string | undefined,
): Promise<readonly Piece[]> {
  const found = demandName("bench", name, Object.keys(benches));
  const { pieces, rivals } = (await benches[found]?.()) ?? { pieces: () => [], rivals: {} };
  if (rival === undefined) return pieces();
  const make = rivals[rival];
  if (make !== undefined) return await make();
  const known = Object.keys(rivals).join(" or ") || "none, as it has none";
  throw new UsageError(
    `Cannot measure ${name} as --rival must be ${known}: current value is ${rival}`,
  );
}
