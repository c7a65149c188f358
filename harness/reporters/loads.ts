/**
 * One NDJSON row for each time that a machine was handed over: who wrote, who read, what of, and
 * how that ended, with the class of a failure, the device at fault and the words that were said.
 *
 * @module
 */
import type { CellResult, ConditionResult, Reporter } from "../report.ts";
import type { VerdictKind } from "../verdict.ts";

const CLASSES = [
  ...["unmigratable", "too-new", "layout", "unknown-section", "field", "size", "command"],
  ...["validation", "absent", "crash", "hang", "lost-state", "guest-dead"],
];
/** Reasons begin so, where somebody has classified them: `layout of DEVICE: words`. */
const CLASSIFIED = new RegExp(`^(${CLASSES.join("|")})(?: of (.+?))?: (.*)$`, "s");

/** What weighs most comes first: a load is told by the worst that was seen of it. */
const WORST: readonly VerdictKind[] = ["error", "crashed", "hung", "refused", "failed"];

const OF_VERDICT: Readonly<Partial<Record<VerdictKind, string>>> = {
  crashed: "crash",
  hung: "hang",
};

export const loads: Reporter = function* (report) {
  for (const result of report.conditions()) {
    for (const row of rowsOf(result)) yield `${JSON.stringify(row)}\n`;
  }
};

function* rowsOf({ condition, cells, transcript }: ConditionResult): Generator<unknown> {
  const { path, settings } = condition;
  const { machine = null, devices: set = null, mode = null } = settings;
  if (cells.every(({ verdict }) => verdict === "unsupported")) {
    yield {
      ...rowAt(0),
      verdict: "unsupported",
      class: "absent",
      device: null,
      text: cells[0]?.reason,
    };
    return;
  }
  const loaded = transcript.filter(({ event }) => event === "restored").length;
  for (let edge = 0; edge + 1 < path.length && edge <= loaded; edge++) {
    const found = WORST.flatMap((kind) =>
      cells.filter(({ verdict, edge: at = 0 }) => verdict === kind && at === edge),
    );
    yield { ...rowAt(edge), ...wordsOf(found[0]) };
  }

  function rowAt(edge: number) {
    const [writer, reader] = [path[edge]?.release, path[edge + 1]?.release];
    return { writer, reader, machine, set, mode };
  }
}

function wordsOf(cell: CellResult | undefined) {
  if (cell === undefined) return { verdict: "passed", class: null, device: null, text: null };
  const { verdict, reason = "", flaky } = cell;
  const [, name = OF_VERDICT[verdict] ?? null, device = null, text = reason] =
    CLASSIFIED.exec(reason) ?? [];
  return { verdict, class: name, device, text, ...(flaky === undefined ? {} : { flaky }) };
}
