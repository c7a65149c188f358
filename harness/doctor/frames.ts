/**
 * Octets straight behind a message: whether they are read where that was said, and only there.
 *
 * @module
 */
import type { Bench, State } from "./bench.ts";
import { type Life, SEED } from "./life.ts";

/** Both sides have said frames in hello, as far as the adapter says it at all. */
export async function checkFrames(bench: Bench, { state, back }: Life): Promise<void> {
  const { hello, talk, chart } = bench;
  if (hello.frames) {
    const release = hello.releases.find((one) => hello.plays(one, "save")) ?? "";
    const machine = await bench.start({ release, seed: SEED, rig: "doctor-frames" });
    if (machine !== undefined) await bench.save(machine, release);
  }
  if (state === undefined || back === undefined) return;
  const what = "a restore with octets behind the message";
  const asking = hello.frames
    ? ({ gone: "frames-refused", what, behind: state.octets } as const)
    : { isQuiet: true, behind: state.octets };
  const { code, why } = await talk.ask("restore", framed(bench, state), asking);
  if (hello.frames && code !== undefined) {
    chart.find("frames-refused", `${what} was answered with ${why}`);
  }
  if (!hello.frames && code === undefined) {
    chart.find("frames-undeclared", `${what} works, and hello does not say frames`);
  }
}

function framed(bench: Bench, state: State) {
  const begin = { release: state.writer, seed: SEED, rig: "doctor-frames" };
  return { ...bench.restoreParams(begin, state), state: { frame: state.octets.length } };
}
