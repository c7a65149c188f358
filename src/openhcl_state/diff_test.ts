import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codecFor, MeshError, RELEASE_NAMES } from "../mesh/mod.ts";
import { messageNamed } from "./catalogue.ts";
import { diffJson, diffLines, diffReleases, findingsOf, type ProvenFinding } from "./diff.ts";

interface Judged {
  readonly message: string;
  readonly writer: string;
  readonly reader: string;
  readonly problem: string;
  readonly real: boolean;
}

const FIXTURE = new URL("../../fixtures/openhcl/compat_findings.json", import.meta.url);
const JUDGED: readonly Judged[] = JSON.parse(readFileSync(FIXTURE, "utf8")).rows;

const PAIRS = RELEASE_NAMES.flatMap((writer) =>
  RELEASE_NAMES.filter((reader) => reader !== writer).map((reader) => ({ writer, reader })),
);

for (const { writer, reader } of PAIRS) {
  test(`${writer} to ${reader}: what breaks or is misread is what a hand check calls real`, () => {
    const judged = JUDGED.filter((row) => row.writer === writer && row.reader === reader);
    const grave = findingsOf(writer, reader).filter(isGrave);
    assert.deepEqual(
      [...new Set(grave.map(({ message, number }) => `${message} #${number}`))].sort(),
      [...new Set(judged.filter(({ real }) => real).map(placeOf))].sort(),
    );
  });

  test(`${writer} to ${reader}: the reader refuses exactly the witnesses that break`, () => {
    for (const finding of findingsOf(writer, reader)) {
      if (finding.witness === undefined) continue;
      const place = `${finding.message} #${finding.number}`;
      assert.equal(reasonOf(finding, finding.witness, reader), finding.reason, place);
    }
  });

  test(`${writer} to ${reader}: a finding of one direction has its mirror in the other`, () => {
    const there = findingsOf(writer, reader).filter(({ kind }) => kind === "dropped");
    const back = findingsOf(reader, writer).filter(({ kind }) => kind === "never-written");
    assert.deepEqual(there.map(placeOfFinding), back.map(placeOfFinding));
  });
}

test("rows that the hand check calls harmless are so, and listed when they are renames", () => {
  const renames = JUDGED.filter(({ message }) => message === "vmgs.SavedBlockStorageMetadata");
  assert.equal(renames.length, 8);
  for (const { writer, reader } of renames) {
    const found = findingsOf(writer, reader).find(({ message }) =>
      message.startsWith("vmgs.Saved"),
    );
    assert.equal(found?.severity, "harmless", `${writer} to ${reader}`);
  }
});

test("2505 refuses ephemeral guest state of main, and nothing else", () => {
  const [finding, ...others] = findingsOf("main", "2505").filter(isGrave);
  assert.deepEqual(others.map(placeOfFinding), []);
  assert.equal(finding?.field, "vmgs");
  assert.equal(finding?.reason, "missing required field");
});

test("the package of the page pool changed without harm", () => {
  const renamed = findingsOf("2411", "2505").filter(({ kind }) => kind === "renamed");
  assert.deepEqual(
    renamed.map(({ message, severity }) => `${message} ${severity}`),
    [
      "openhcl.pagepool.InnerSlotState harmless",
      "openhcl.pagepool.PagePoolState harmless",
      "openhcl.pagepool.SlotSavedState harmless",
      "vmgs.SavedBlockStorageMetadata harmless",
    ],
  );
});

test("findings on the relay's own layout say that it is converted", () => {
  const relay = findingsOf("2505", "2411").filter(({ message }) => /^vmbus.relay.S/.test(message));
  assert.deepEqual(
    relay.map(({ number, severity }) => `#${number} ${severity}`),
    ["#2 breaks", "#3 breaks", "#4 defaults", "#5 loses"],
  );
  for (const { note } of relay) assert.match(note ?? "", /a save converts it/);
});

test("diffLines says both directions, the worst first", () => {
  const lines = diffLines(diffReleases("2505", "1.7.2511"));
  const heads = lines.filter((line) => !line.startsWith("    "));
  assert.deepEqual(heads, [
    "1.7.2511 reads what 2505 has written",
    "  defaults (15): the reader fills in what was not written",
    "",
    "2505 reads what 1.7.2511 has written",
    "  breaks (1): the reader refuses the state",
    "  loses (15): the reader drops what was written",
  ]);
  const from = lines.findIndex((line) => line.startsWith("  breaks"));
  assert.deepEqual(lines.slice(from + 1, from + 4), [
    "    underhill.ServicingInitState",
    "      #6 vmgs: is refused when None: missing required field (vmgs.0.datastore_keys)",
    "        shown by the bytes 0a020a00",
  ]);
});

test("diffLines puts the fields of a message and its note together, within 100 columns", () => {
  const lines = diffLines(diffReleases("2505", "2411"));
  const from = lines.indexOf("    vmbus.relay.SavedState");
  assert.deepEqual(lines.slice(from, from + 7), [
    "    vmbus.relay.SavedState",
    "      #2 relay_state: is refused: missing enum variant (relay_state)," +
      " the writer does not know it",
    "        shown by the bytes of an empty message",
    "      #3 client_saved_state: is refused: missing enum variant" +
      " (client_saved_state.client_state), the",
    "        writer does not know it",
    "        shown by the bytes of an empty message",
    "      (from 2505 on a save converts it to the layout of 2411, and a restore converts it back)",
  ]);
  for (const { writer, reader } of PAIRS) {
    for (const line of diffLines(diffReleases(writer, reader))) assert.ok(line.length <= 100, line);
  }
});

test("diffLines of a release with itself finds no difference", () => {
  const lines = diffLines(diffReleases("main", "main"));
  const direction = ["main reads what main has written", "  no difference"];
  assert.deepEqual(lines, direction);
});

test("diffJson writes witnesses as text", () => {
  const { back } = JSON.parse(JSON.stringify(diffJson(diffReleases("2505", "1.7.2511"))));
  const broken = back.find((finding: { severity: string }) => finding.severity === "breaks");
  assert.deepEqual(broken, {
    message: "underhill.ServicingInitState",
    number: 6,
    field: "vmgs",
    kind: "may-be-none",
    severity: "breaks",
    text: "is refused when None: missing required field (vmgs.0.datastore_keys)",
    reason: "missing required field",
    witness: "0a020a00",
  });
});

test("an unknown release is refused", () => {
  assert.throws(() => diffReleases("2409", "main"), /current value is 2409$/);
});

function isGrave({ severity }: ProvenFinding): boolean {
  return severity === "breaks" || severity === "reinterprets";
}

function placeOf({ message, problem }: Judged): string {
  return `${message} ${/#\d+/.exec(problem)?.[0]}`;
}

function placeOfFinding({ message, number, field }: ProvenFinding): string {
  return `${message} ${number} ${field}`;
}

/** Why the reader refuses the witness, if it does. */
function reasonOf(
  { message }: ProvenFinding,
  witness: Uint8Array,
  reader: string,
): string | undefined {
  const name = messageNamed(message) ? message : message.slice(0, message.lastIndexOf("."));
  const declaration = messageNamed(name);
  assert.ok(declaration, message);
  try {
    codecFor(declaration, reader).decode(witness);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof MeshError, String(error));
    return error.reason;
  }
}
