/**
 * Whether the same is the same in another process, and machines are apart from each other.
 *
 * @module
 */

import type { Code } from "./findings_table.ts";
import { type Life, SEED } from "./life.ts";
import type { Machines, State } from "./machines.ts";
import { at, canonical, difference } from "./seen.ts";

export async function checkApart(machines: Machines, life: Life): Promise<void> {
  const { hello, chart } = machines;
  const release = hello.releases.find((one) => hello.plays(one, "save"));
  const isSeen = hello.facets.includes("observe");
  if (release === undefined || !isSeen) chart.note("leaks, as nothing is started and observed");
  if (release === undefined) return;
  const first = await machines.start({ release, seed: SEED, rig: `doctor-${release}` });
  if (first === undefined) return;
  if (!isSeen) {
    checkSave(machines, await machines.save(first, release), life);
    return;
  }
  const seen = await machines.observe(first);
  const place = life.seen === undefined ? undefined : difference(life.seen, seen);
  if (place !== undefined) {
    const values = `${canonical(at(life.seen, place))} and ${canonical(at(seen, place))}`;
    const what = `two starts with one seed differ in ${place || "all"}: ${values}`;
    chart.find("start-differs", what);
  }
  await checkElsewhere(machines, life);
  if (hello.machines <= 1) chart.note("leaks, as there is one machine at a time");
  else if (place === undefined && !(await besides(machines, release, first, seen))) return;
  if (hello.inFlight > 1) await atOnce(machines, first);
  const state = await machines.save(first, release);
  if (place === undefined) checkSave(machines, state, life);
  await machines.stop(first);
  await checkStopped(machines, first);
}

/** Others beside a machine, on its rig and on another one, and their ends; false for a leak. */
async function besides(
  machines: Machines,
  release: string,
  first: string,
  seen: unknown,
): Promise<boolean> {
  const { chart, talk } = machines;
  const leaks = async (code: Code, when: string) => {
    const place = difference(seen, await machines.observeOr(first));
    if (place === undefined) return false;
    chart.find(code, `what one machine shows in ${place || "all"} has changed ${when}`);
    return true;
  };
  const begin = { release, seed: SEED + 1, rig: `doctor-${release}` };
  const reply = await talk.ask("start", machines.params(begin));
  if (reply.code !== undefined) {
    chart.find("one-machine", `a second machine is refused: ${reply.why}`);
    return true;
  }
  const second = String((reply.result as { machine?: unknown }).machine);
  if (second === first) chart.find("same-id", `two machines are called ${first}`);
  if (chart.has("same-id")) return false;
  if (await leaks("leaks-machines", "with the start of another")) return false;
  if (difference(seen, await machines.observe(second)) === undefined) {
    chart.note("some leaks, as machines of different seeds look the same");
  }
  const third = await machines.start({ release, seed: SEED + 2, rig: "doctor-other" });
  if (await leaks("leaks-rigs", "with the start of another on another rig")) return false;
  if (third !== undefined) await machines.stop(third);
  if (await leaks("leaks-stop", "with the end of another")) return false;
  await machines.stop(second);
  const later = await machines.start({ release, seed: SEED, rig: "doctor-later" });
  if (later === undefined) return true;
  const place = difference(seen, await machines.observe(later));
  if (place === undefined) return true;
  chart.find("leaks-remains", `a machine that starts after others differs in ${place || "all"}`);
  return false;
}

/** As many requests as it says that it takes at once, or some of them. */
async function atOnce(machines: Machines, machine: string): Promise<void> {
  const what = "requests at once";
  const asking = { gone: "in-flight-refused", what } as const;
  const count = Math.min(machines.hello.inFlight, 4);
  const asked = Array.from({ length: count }, () =>
    machines.talk.ask("observe", { machine }, asking),
  );
  for (const outcome of await Promise.allSettled(asked)) {
    if (outcome.status === "rejected") throw outcome.reason;
    const { code, why } = outcome.value;
    if (code !== undefined) machines.chart.find("in-flight-refused", `${what} are answered ${why}`);
  }
}

function checkSave(
  { chart, hello }: Machines,
  state: State | undefined,
  { state: before }: Life,
): void {
  if (state === undefined || before?.writer !== state.writer) return;
  if (before.octets.equals(state.octets)) return;
  const isStable = hello.capabilities.includes("stable");
  const [a, b] = [before.octets.length, state.octets.length];
  const sizes = a === b ? `${a} octets each` : `${a} and ${b} octets`;
  const what = `two machines that were started alike save different states of ${sizes}`;
  chart.find(isStable ? "stable-lies" : "save-differs", what);
}

/** The state that another process wrote. */
async function checkElsewhere(machines: Machines, { state, back }: Life): Promise<void> {
  if (state === undefined || back === undefined) return;
  const release = state.writer;
  const machine = await machines.restore({ release, seed: SEED, rig: "doctor-back" }, state);
  const seen = machine === undefined ? undefined : await machines.observe(machine);
  const place = difference(back, seen);
  if (place === undefined) return;
  const what = machine === undefined ? "is refused" : `comes back with another ${place || "all"}`;
  machines.chart.find("state-elsewhere", `what one process saved ${what} in the next one`);
}

async function checkStopped({ talk, chart }: Machines, machine: string): Promise<void> {
  const reply = await talk.ask("observe", { machine }, { isQuiet: true });
  if (reply.code !== undefined || chart.has("stop-refused")) return;
  chart.find("alive-after-stop", "observe works on a machine that was stopped");
}
