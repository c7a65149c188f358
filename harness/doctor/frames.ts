/**
 * Octets straight behind a message: whether they are read where that was said, and only there.
 *
 * @module
 */

import { Chart, Gone } from "./chart.ts";
import { type Life, SEED } from "./life.ts";
import { greet, type Machines, type State } from "./machines.ts";
import type { Place } from "./reach.ts";
import { type Patience, Talk } from "./talk.ts";

/** Both sides have said frames in hello. */
export async function checkFrames(machines: Machines, { state, back }: Life): Promise<void> {
  const { hello, talk, chart } = machines;
  const release = hello.releases.find((one) => hello.plays(one, "save")) ?? "";
  const machine = await machines.start({ release, seed: SEED, rig: "doctor-frames" });
  if (machine !== undefined) await machines.save(machine, release);
  if (state === undefined || back === undefined) return;
  const what = "a restore with octets behind the message";
  const asking = { gone: "frames-refused", what, behind: state.octets } as const;
  const { code, why } = await talk.ask("restore", framed(machines, state), asking);
  if (code !== undefined) chart.find("frames-refused", `${what} was answered with ${why}`);
}

/**
 * Whether an adapter that does not say frames reads octets behind a message all the same. They may
 * end anything else, and whatever comes of that is no finding.
 */
export async function readsFrames(
  place: Place,
  patience: Patience,
  { state, back }: Life,
): Promise<boolean> {
  if (state === undefined || back === undefined) return false;
  const chart = new Chart();
  const talk = new Talk(place, chart, patience);
  try {
    const machines = await greet(talk, chart, true);
    const asking = { isQuiet: true, behind: state.octets };
    const { code } = await talk.ask("restore", framed(machines, state), asking);
    return code === undefined;
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
    return false;
  } finally {
    talk.abandon();
  }
}

function framed(machines: Machines, state: State) {
  const begin = { release: state.writer, seed: SEED, rig: "doctor-frames" };
  return { ...machines.restoreParams(begin, state), state: { frame: state.octets.length } };
}
