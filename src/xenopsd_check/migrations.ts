/**
 * A migration that is struck at every step point of either host, under all invariants of both and
 * those of the two together.
 *
 * Cases G01 to G03 of `suites/xenopsd/claims_table.ts` are such.
 *
 * @module
 */
import {
  type FaultPlan,
  Network,
  type Observer,
  type Quirk,
  type StepPoint,
  VirtualClock,
  World,
  type Xenopsd,
} from "../xenopsd/mod.ts";
import { Driver } from "./driver.ts";
import { Follower } from "./follower.ts";
import { networkRules } from "./network_rules.ts";
import type { Finding } from "./rules.ts";
import { samplePci, sampleVbds, sampleVifs, sampleVm } from "./sample_vm.ts";
import { nameOf, type SweepState } from "./sweep.ts";
import { unsoundOf } from "./verdict.ts";
import { Watch } from "./watch.ts";

const ID = "7b719ce6-0b17-9733-e8ee-dbc1e6e7b701";
const URLS = ["http://here", "http://there"] as const;
type Strike = readonly [side: 0 | 1, fault: "crashAt" | "cancelAt"];
/** A receiver has no task that a client knows. */
const STRIKES: readonly Strike[] = [
  [0, "crashAt"],
  [0, "cancelAt"],
  [1, "crashAt"],
];

/** Tells how far it is behind each way to strike. */
export function* sweepMigrations(quirks: ReadonlySet<Quirk>): Generator<SweepState> {
  const world = runningWorld(quirks);
  const state = { operations: 0, runs: 0, broken: [] as SweepState["broken"][number][] };
  for (const strike of STRIKES) {
    for (let at = 0; ; at++) {
      const pair = new Pair(world.fork(), { quirks });
      const struck = pair.migrate(strike, at);
      state.runs++;
      for (const { invariant, text } of pair.findings) {
        const where = struck === undefined ? [] : [nameOf(struck)];
        state.broken.push({ operation: "VM.migrate", at: where, what: `${invariant}: ${text}` });
      }
      if (struck === undefined) break;
    }
    state.operations++;
    yield state;
  }
}

export function runningWorld(quirks: ReadonlySet<Quirk>): World {
  const world = new World();
  const driver = new Driver(world, { quirks });
  driver.ask("VM.add", { vm: sampleVm(ID) });
  for (const vif of sampleVifs(ID)) driver.ask("VIF.add", { vif });
  driver.ask("PCI.add", { pci: samplePci(ID) });
  // The id of a VM is another in all texts of its metadata on the way, in the name of a disk, too.
  for (const vbd of sampleVbds(ID, "shared")) driver.ask("VBD.add", { vbd });
  driver.run(["VM.start", { id: ID, paused: false }], ["VM.unpause", { id: ID }]);
  driver.machine.crash();
  return world;
}

interface PairOptions {
  readonly quirks?: ReadonlySet<Quirk>;
  /** More of those who watch, by side. */
  readonly observers?: readonly [Observer, Observer];
}

/** Two hosts, with a client of each. */
export class Pair {
  readonly worlds: readonly [World, World];
  readonly findings: Finding[] = [];
  readonly #network = new Network(new VirtualClock());
  readonly #options: PairOptions;
  readonly #sides: Side[] = [];
  #starts = 0;
  #faults: FaultPlan = {};
  #side = 0;

  constructor(world: World, options: PairOptions = {}) {
    this.worlds = [world, new World()];
    this.#options = options;
  }

  get machines(): readonly Xenopsd[] {
    return this.#sides.map(({ watch }) => watch.machine);
  }

  /** Where it was struck; undefined when it ends before that. */
  migrate([side, fault]: Strike, at: number): StepPoint | undefined {
    let left = Number.POSITIVE_INFINITY;
    let struck: StepPoint | undefined;
    const strikes = (point: StepPoint) => {
      if (struck !== undefined || left-- > 0) return false;
      struck = { ...point };
      return true;
    };
    this.#faults = { [fault]: strikes };
    this.#side = side;
    const observers = networkRules(this.worlds, (invariant, text) => {
      this.findings.push({ invariant, text });
    });
    for (const index of [0, 1] as const) this.#start(index, observers[index] as Observer);
    this.#settle();
    left = at;
    this.#begin();
    this.#settle();
    if (this.#sides[side]?.watch.machine.isCrashed) {
      this.#start(side, observers[side] as Observer);
      this.#settle();
    }
    this.#judge();
    return struck;
  }

  #start(index: 0 | 1, rules: Observer): void {
    const { quirks = new Set<Quirk>(), observers = [] } = this.#options;
    const more = observers[index] ?? {};
    const isFirst = this.#sides[index] === undefined;
    const watch = new Watch(this.worlds[index], {
      quirks,
      network: this.#network,
      url: URLS[index],
      seed: ++this.#starts,
      faults: isFirst && this.#side === index ? this.#faults : {},
      observers: [rules, more],
    });
    const report: Side["report"] = (invariant, text) => this.findings.push({ invariant, text });
    const follower = new Follower(watch.machine, report);
    this.findings.push(...(this.#sides[index]?.watch.findings ?? []));
    this.#sides[index] = { watch, follower, report };
  }

  #begin(): void {
    const maps = { vdi_map: [], vif_map: [], pci_map: [] };
    const flags = { compress: false, verify_dest: false, localhost_migration: false };
    const params = { debug_info: "sweep", id: ID, ...maps, xenops_url: URLS[1], ...flags };
    this.#sides[0]?.watch.machine.call("VM.migrate", params);
  }

  #settle(): void {
    while (this.machines.some(({ isIdle }) => !isIdle) && this.#network.step()) {
      for (const { follower, watch } of this.#sides) {
        if (!watch.machine.isCrashed) follower.follow();
      }
    }
  }

  #judge(): void {
    const doms = this.worlds.flatMap(({ hv }) => [...hv.doms.values()]);
    if (doms.length > 1) this.findings.push({ invariant: "I11", text: "both hosts have a domain" });
    for (const [index, { watch, follower }] of this.#sides.entries()) {
      follower.judge();
      watch.quiet();
      this.findings.push(...watch.findings);
      const what = unsoundOf(this.worlds[index] as World, ID);
      if (what !== undefined) this.findings.push({ invariant: "I12", text: what });
    }
  }
}

interface Side {
  readonly watch: Watch;
  readonly follower: Follower;
  readonly report: (invariant: Finding["invariant"], text: string) => void;
}
