/**
 * The command line as a whole: which commands there are.
 *
 * @module
 */
import type { Command } from "commander";
import { addBench } from "./bench.ts";
import { addCanUpgrade } from "./can_upgrade.ts";
import { addCases } from "./cases.ts";
import { runCommands } from "./commands.ts";
import { addCompare } from "./compare.ts";
import { addDecode } from "./decode.ts";
import { addDiff } from "./diff.ts";
import { addDoctor } from "./doctor.ts";
import { addEncode } from "./encode.ts";
import { addExplain } from "./explain.ts";
import { addFetch } from "./fetch.ts";
import { addHistory } from "./history.ts";
import { addInit } from "./init.ts";
import { addList } from "./list.ts";
import { addMerge } from "./merge.ts";
import { addProbe } from "./probe.ts";
import type { Product } from "./product.ts";
import { addQuery } from "./query.ts";
import { addRecode } from "./recode.ts";
import { addRecord } from "./record.ts";
import { addReport } from "./report.ts";
import { addRun } from "./run.ts";
import { addServe } from "./serve.ts";
import { addServeAdapter } from "./serve_adapter.ts";
import { Session } from "./session.ts";
import type { Shell } from "./shell.ts";
import { addSoak } from "./soak.ts";
import { addSweep } from "./sweep.ts";
import { addTriage } from "./triage.ts";

const COMMANDS = [
  addRun,
  addList,
  addDecode,
  addEncode,
  addRecode,
  addDiff,
  addExplain,
  addReport,
  addMerge,
  addQuery,
  addHistory,
  addTriage,
  addCompare,
  addCanUpgrade,
  addRecord,
  addFetch,
  addSoak,
  addProbe,
  addCases,
  addSweep,
  addInit,
  addDoctor,
  addBench,
];

/** Runs the command that `args` name and returns the exit code. */
export async function runCommandLine(
  args: readonly string[],
  product: Product,
  shell: Shell,
): Promise<number> {
  // Behind `--` stands the program that `--adapter` speaks of, and no pattern.
  const at = args.indexOf("--");
  const takesProgram = at !== -1 && args.slice(0, at).includes("--adapter");
  const own = takesProgram ? args.slice(0, at) : args;
  const session = new Session(product, shell, takesProgram ? args.slice(at + 1) : []);
  const commands = [
    ...COMMANDS.map((add) => (program: Command) => add(program, session)),
    (program: Command) =>
      args[1] === "adapter"
        ? addServeAdapter(program, session)
        : addServe(program, product.daemons, session),
  ];
  try {
    return await runCommands(own, session, commands, product.version);
  } finally {
    await session.end();
  }
}
