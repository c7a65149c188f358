/**
 * Every release through its life: start, observe, save, stop, and back in every release.
 *
 * What comes back is not held against what was saved: that is the product's matter.
 *
 * @module
 */

import { shown } from "./chart.ts";
import { type Machines, type State, UNSERVED } from "./machines.ts";
import { at, canonical, difference } from "./seen.ts";

/** Releases that are looked at; the oldest ones and the newest ones. */
const RELEASES_MAX = 6;
export const SEED = 1;

/** What the first life of a process showed, to be held against other processes. */
export interface Life {
  /** What was seen of the first start of the process. */
  seen?: unknown;
  /** What was seen of each release, in full. */
  readonly looks: unknown[];
  /** What it saved. */
  state?: State;
  /** What was seen of the first restore of it by its own release. */
  back?: unknown;
}

export async function checkLife(machines: Machines, life: Life): Promise<void> {
  const { hello, chart } = machines;
  const releases = chosen(hello.releases);
  if (releases.length < hello.releases.length) {
    chart.note(`${hello.releases.length - releases.length} releases in the middle of the list`);
  }
  const states: State[] = [];
  for (const release of releases) {
    const state = hello.plays(release, "save") ? await live(machines, release, life) : undefined;
    if (state !== undefined) states.push(state);
  }
  checkPointers(machines, life.looks);
  if (states.length > 0) checkFacets(machines);
  const own = states[0];
  for (const state of states) {
    for (const release of readersOf(state.writer, releases)) {
      if (!hello.plays(release, "restore")) continue;
      const seen = await comeBack(machines, release, state);
      if (state === own && release === state.writer) life.back = seen;
    }
  }
  if (own !== undefined && hello.plays(own.writer, "restore")) await again(machines, own, life);
  await checkRoles(machines, releases, own);
}

function chosen(releases: readonly string[]): readonly string[] {
  if (releases.length <= RELEASES_MAX) return releases;
  return [...releases.slice(0, RELEASES_MAX / 2), ...releases.slice(-RELEASES_MAX / 2)];
}

/** Its own release, and the way from one end of the list to the other: a start may take long. */
function readersOf(writer: string, releases: readonly string[]): readonly string[] {
  const [oldest, newest] = [releases[0], releases.at(-1)];
  const far = writer === oldest ? newest : writer === newest ? oldest : writer;
  return [...new Set([writer, far ?? writer])];
}

async function live(machines: Machines, release: string, life: Life): Promise<State | undefined> {
  const machine = await machines.start({ release, seed: SEED, rig: `doctor-${release}` });
  if (machine === undefined) return undefined;
  const isFirst = life.seen === undefined && life.state === undefined;
  if (machines.hello.facets.includes("observe")) {
    const seen = await look(machines, machine, life.looks);
    if (isFirst) life.seen = seen;
  } else {
    await checkUndeclared(machines, machine);
  }
  const state = await machines.save(machine, release);
  if (isFirst && state !== undefined) life.state = state;
  await machines.stop(machine);
  return state;
}

/** Looks twice: nothing but what is named may differ. */
async function look(machines: Machines, machine: string, looks: unknown[]): Promise<unknown> {
  const { hello, chart } = machines;
  const before = await machines.look(machine);
  if (before !== undefined) looks.push(before);
  const after = await machines.look(machine);
  for (const pointer of hello.ticks) {
    const [was, is] = [at(before, pointer), at(after, pointer)];
    if (typeof was !== "number" || typeof is !== "number" || is >= was) continue;
    chart.find("ticks-back", `${pointer} goes from ${was} to ${is} between two looks`);
  }
  for (;;) {
    const differing = difference(machines.steady(before), machines.steady(after));
    if (differing === undefined) break;
    chart.moving.push(differing);
    const [was, is] = [before, after].map((value) => canonical(at(value, differing)));
    chart.find("observe-changes", `two looks at a machine differ in ${differing}: ${was}, ${is}`);
  }
  return machines.observe(machine);
}

/** Facets that no machine has, though hello lists them; axes may decide that. */
function checkFacets({ hello, chart, told }: Machines): void {
  const lack = hello.facets.find((facet) => facet !== "observe" && !told.has(facet));
  if (lack === undefined) return;
  const what = `the facet ${shown(lack)}, which no machine of usual settings has`;
  if (hello.hasAxes) chart.note(what);
  else chart.find("facet-refused", `no machine tells the methods of ${shown(lack)}`);
}

/** What no release shows is a slip of the pen; some may well have less to show. */
function checkPointers({ hello, chart }: Machines, looks: readonly unknown[]): void {
  const [first] = looks;
  if (first === undefined) return;
  const lost = [...hello.ticks, ...hello.volatile].find((pointer) =>
    looks.every((seen) => at(seen, pointer) === undefined),
  );
  if (lost === undefined) return;
  chart.find("pointer-lost", `${lost} leads to nothing in ${canonical(first)}`);
}

async function checkUndeclared({ talk, chart }: Machines, machine: string): Promise<void> {
  const reply = await talk.ask("observe", { machine }, { isQuiet: true });
  if (reply.code !== undefined || chart.has("hello-shape")) return;
  chart.find("facet-undeclared", "observe works, and facets of hello lacks it");
}

async function comeBack(machines: Machines, release: string, state: State): Promise<unknown> {
  const machine = await machines.restore({ release, seed: SEED, rig: "doctor-back" }, state);
  if (machine === undefined) return undefined;
  const isSeen = machines.hello.facets.includes("observe");
  const seen = isSeen ? await machines.observe(machine) : null;
  await machines.stop(machine);
  return seen;
}

/** The same state a second time. */
async function again(machines: Machines, state: State, { back }: Life): Promise<void> {
  if (back === undefined) return;
  const second = await comeBack(machines, state.writer, state);
  const place = difference(back, second);
  if (place === undefined) return;
  const what = second === undefined ? "is refused" : `differs in ${place}`;
  machines.chart.find("state-used-up", `the second restore of a state ${what}`);
}

/** Roles that are played without being named; named ones have been looked at above. */
async function checkRoles(
  machines: Machines,
  releases: readonly string[],
  state: State | undefined,
): Promise<void> {
  const { hello, talk, chart } = machines;
  const asking = { isQuiet: true };
  const undeclared = (release: string, role: string) =>
    chart.find("role-undeclared", `${release} can ${role}, and roles of hello does not say so`);
  for (const release of releases) {
    if (state === undefined) break;
    if (!hello.plays(release, "restore")) {
      const begin = { release, seed: SEED, rig: "doctor-role" };
      const reply = await talk.ask("restore", machines.restoreParams(begin, state), asking);
      if (reply.code === undefined) undeclared(release, "restore");
    }
    if (release !== state.writer) continue;
    const decoding = { release, state: { base64: state.octets.toString("base64") } };
    const isCodec = hello.plays(release, "codec");
    const reply = await talk.ask("decode", decoding, isCodec ? {} : asking);
    if (!isCodec && reply.code === undefined) undeclared(release, "decode");
    if (isCodec && UNSERVED.includes(reply.code ?? 0))
      machines.findUnserved("codec", release, reply);
  }
  await checkSavers(machines, releases, undeclared);
}

async function checkSavers(
  machines: Machines,
  releases: readonly string[],
  undeclared: (release: string, role: string) => void,
): Promise<void> {
  const { hello, talk } = machines;
  for (const release of releases.filter((one) => !hello.plays(one, "save"))) {
    const params = machines.params({ release, seed: SEED, rig: "doctor-role" });
    const { result } = await talk.ask("start", params, { isQuiet: true });
    const machine = (result as { machine?: unknown } | undefined)?.machine;
    if (typeof machine !== "string") continue;
    const reply = await talk.ask("save", machines.saveParams(machine), { isQuiet: true });
    if (reply.code === undefined) undeclared(release, "save");
  }
}
