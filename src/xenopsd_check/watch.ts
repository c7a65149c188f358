/**
 * All invariants of one machine, looked at after every step that could have broken them.
 *
 * @module
 */
import { type Observer, World, Xenopsd, type XenopsdOptions } from "../xenopsd/mod.ts";
import { domainRules } from "./domain_rules.ts";
import { instanceRules } from "./instance_rules.ts";
import { queueRules } from "./queue_rules.ts";
import { recordRules } from "./record_rules.ts";
import type { Finding, MakeRules, Rules, Subject } from "./rules.ts";
import { startRules } from "./start_rules.ts";
import { taskRules } from "./task_rules.ts";
import { updateRules } from "./update_rules.ts";

const RULES: readonly MakeRules[] = [
  queueRules,
  taskRules,
  updateRules,
  domainRules,
  startRules,
  recordRules,
  instanceRules,
];

/** More of the same say nothing new. */
const FINDINGS_MAX = 100;

export class Watch {
  readonly machine: Xenopsd;
  readonly findings: Finding[] = [];
  /** Those that the machine tells what it does. */
  readonly observers: readonly Observer[];
  readonly #rules: readonly Rules[];
  readonly #isAlone: boolean;
  #wasQuiet = true;

  /** Starts a process and looks at it from its first step on. */
  constructor(world = new World(), options: XenopsdOptions = {}) {
    const subject = subjectOf(world, () => this.machine);
    const report = (invariant: Finding["invariant"], text: string) => {
      if (this.findings.length < FINDINGS_MAX) this.findings.push({ invariant, text });
    };
    this.#rules = RULES.map((make) => make(subject, report));
    this.observers = [...this.#rules, { onStep: () => this.#stepped() }];
    const { observers = [], network } = options;
    this.#isAlone = network === undefined;
    this.machine = new Xenopsd(world, { ...options, observers: [...observers, ...this.observers] });
  }

  /** Looks at what only holds when nothing is queued and nothing is done. */
  quiet(): void {
    for (const rules of this.#rules) rules.onQuiet?.();
  }

  #stepped(): void {
    // What waits for another host is at work, though nothing can run.
    const { isIdle, isQuiescent } = this.machine;
    const isQuiet = isIdle && (this.#isAlone || isQuiescent);
    if (isQuiet && !this.#wasQuiet) this.quiet();
    this.#wasQuiet = isQuiet;
  }
}

function subjectOf(world: World, machineOf: () => Xenopsd): Subject {
  return {
    world,
    get machine() {
      return machineOf();
    },
  };
}
