/**
 * What the deviation `late-marker` breaks is computed from the listed steps of a start, without the
 * model; then the cases are tried on a model that has it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inProcessBench } from "../../harness/adapters/xenopsd/in_process.ts";
import { KNOWN } from "../known/xenopsd.ts";
import { CASES, runCases } from "./mod.ts";

/** Durable effects of one step, in their order. */
type Effects = readonly string[];

interface Listed {
  readonly leaf: string;
  readonly effects: Effects;
}

const one = (leaf: string): Listed => ({ leaf, effects: [leaf] });

/** A domain that is made in two effects has a window between them, in which it bears no marker. */
const LATE_CREATE: Listed = {
  leaf: "VM_create",
  effects: ["extra.tmp", "extra", "domain", "marker"],
};

/** xen-api, ocaml/xenopsd/lib/xenops_server.ml: what each operation does to make a domain. */
const STARTED = [LATE_CREATE, one("VM_build"), one("devices"), one("VM_create_device_model")];
const CLEARED = one("VM_set_domain_action_request");
const OPERATIONS: Readonly<Record<string, readonly Listed[]>> = {
  VM_start: [one("VM_hook_script"), ...STARTED, CLEARED],
  VM_poweroff: [one("VM_hook_script"), one("VM_pause"), one("devices"), one("VM_destroy")],
  VM_reboot: [one("VM_destroy"), one("VM_hook_script"), ...STARTED, CLEARED, one("VM_unpause")],
  VM_suspend: [one("VM_hook_script"), one("VM_save"), one("devices"), one("VM_destroy")],
  VM_receive_memory: [LATE_CREATE, one("VM_restore"), one("VM_rename"), one("devices"), CLEARED],
  VM_resume: [LATE_CREATE, one("VM_hook_script"), one("VM_restore"), one("devices"), CLEARED],
};

/** What a case strikes: operations at each of their points. */
const STRUCK: Readonly<Record<string, readonly string[]>> = {
  // A crash before any step, and the one between domain and marker by itself.
  K01: ["VM_start"],
  K03: ["VM_start"],
  K09: ["VM_poweroff", "VM_reboot", "VM_suspend", "VM_resume"],
  // A receiver makes a domain under the id that the VM has on its way.
  G03: ["VM_receive_memory"],
  // A failure leads to the same check as a restart.
  S11: ["VM_start"],
};

/** What an operation calls its VM. */
const subjectOf = (operation: string) =>
  operation === "VM_receive_memory" ? "7b719ce6-0b17-9733-e8ee-000000000001" : "vm";

/** The windows of an operation: a domain that is there, and neither marked nor finished. */
function windowsOf(operation: string): string[] {
  let isThere = false;
  let isMarked = false;
  const windows: string[] = [];
  for (const { leaf, effects } of OPERATIONS[operation] ?? []) {
    for (const effect of effects) {
      if (effect === "domain") isThere = true;
      if (effect === "marker") isMarked = true;
      // Cleared at the end, the domain can live.
      if (leaf === "VM_set_domain_action_request") isThere = false;
      if (!isThere || isMarked) continue;
      windows.push(`in ${leaf} of ${subjectOf(operation)} in ${operation}, after ${effect}`);
    }
  }
  return windows;
}

/** By case, the places at which it must be red. */
function foretold(): Map<string, string[]> {
  const cells = new Map<string, string[]>();
  for (const [id, operations] of Object.entries(STRUCK)) {
    const windows = operations.flatMap(windowsOf);
    if (windows.length > 0) cells.set(id, windows);
  }
  return cells;
}

test("late-marker is foretold to break K01 and K03 at one step, and no more than is listed", () => {
  const cells = foretold();
  const window = "in VM_create of vm in VM_start, after domain";
  assert.deepEqual(cells.get("K01"), [window]);
  assert.deepEqual(cells.get("K03"), [window]);
  assert.deepEqual([...cells.keys()].sort(), Object.keys(KNOWN["late-marker"]).sort());
});

test("late-marker breaks exactly what is foretold, and each reason names the window", {
  timeout: 180_000,
}, async () => {
  const cells = foretold();
  const bench = inProcessBench(new Set(["late-marker"]), 1);
  for await (const { id, verdict, reason } of runCases(CASES, bench, {})) {
    const windows = cells.get(id);
    if (windows === undefined) {
      assert.ok(verdict === "passed" || verdict === "skipped", `${id}: ${reason}`);
      continue;
    }
    assert.equal(verdict, "failed", id);
    const [, count, found = ""] = /^(\d+) of \d+ \w+ are not repaired: (.*)$/.exec(reason) ?? [];
    assert.equal(Number(count), windows.length, `${id}: ${reason}`);
    for (const [at, text] of found.split("; ").entries()) {
      assert.ok(text.startsWith(windows[at] as string), `${id}: ${text}`);
      assert.match(text, /the domain is there, and not its marker/);
    }
  }
});
