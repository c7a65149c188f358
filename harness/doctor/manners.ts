/**
 * What a careful harness never asks and every adapter must bear: methods, parameters, texts and
 * sizes that are unusual or wrong.
 *
 * @module
 */

import type { Code } from "./findings_table.ts";
import { SEED } from "./life.ts";
import type { Machines } from "./machines.ts";
import type { Asking, Reply } from "./talk.ts";

const METHOD_UNKNOWN = -32601;
const BROKEN = -32603;
/** Octets of a state that is larger than the buffers of careless readers. */
const LARGE_BYTES = 1024 * 1024;
/** Two, three and four octets of UTF-8, and what JSON allows and JavaScript's lines do not. */
const TEXT = "ß€𝄞\u2028";

/** A part of the check; each goes on after the others, in a new process where need be. */
export type Part = (machines: Machines) => Promise<void>;

export const MANNERS: readonly Part[] = [
  unknownMethod,
  unknownParameter,
  ...badRequests(),
  nonAscii,
  damagedState,
  largeMessage,
  rigs,
];

async function unknownMethod({ talk, chart }: Machines): Promise<void> {
  const asking = { gone: "unknown-method", what: "an unknown method" } as const;
  const { code, why } = await talk.ask("doctor/none", {}, asking);
  if (code === METHOD_UNKNOWN || chart.has("error-shape")) return;
  chart.find("unknown-method", `an unknown method was answered with ${why || "a result"}`);
}

async function unknownParameter(machines: Machines): Promise<void> {
  if (!canStart(machines)) return;
  const params = { ...begin(machines, "doctor-manners"), doctorsOwn: { of: ["no", "meaning"] } };
  const asking = { gone: "unknown-parameter", what: "a start with an unknown parameter" } as const;
  const { code, why } = await startAndStop(machines, params, asking);
  if (code === undefined || machines.chart.has("start-refused")) return;
  machines.chart.find("unknown-parameter", `${asking.what} was answered with ${why}`);
}

async function startAndStop({ talk }: Machines, params: object, asking: Asking): Promise<Reply> {
  const reply = await talk.ask("start", params, asking);
  const { machine } = (reply.result ?? {}) as { machine?: unknown };
  if (machine !== undefined) await talk.ask("stop", { machine });
  return reply;
}

/** Requests that cannot be meant: any error will do, and the adapter must live on. */
function badRequests(): Part[] {
  const machine = "doctor-none";
  const bad: readonly [what: string, method: string, params: object | undefined, as: Code][] = [
    ["a start without parameters", "start", {}, "accepts-anything"],
    ["observe of no machine", "observe", { machine }, "accepts-anything"],
    ["observe without parameters", "observe", undefined, "accepts-anything"],
    ["save of no machine", "save", { machine }, "accepts-anything"],
    ["stop of a list", "stop", { machine: [] }, "accepts-anything"],
    ["a call of nothing", "call", { machine }, "accepts-anything"],
  ];
  const parts = bad.map(
    ([what, method, params, as]): Part =>
      ({ talk, chart }) =>
        demandError(talk.ask(method, params, { gone: "bad-parameters", what }), () =>
          chart.find(as, `${what} was answered with a result`),
        ),
  );
  return [...parts, unknownRelease, missingState];
}

async function demandError(reply: Promise<Reply>, otherwise: () => void): Promise<void> {
  if ((await reply).code === undefined) otherwise();
}

async function unknownRelease(machines: Machines): Promise<void> {
  const what = "a start of a release that it does not have";
  const params = { ...begin(machines, "doctor-manners"), release: "doctor-0.0" };
  const asked = machines.talk.ask("start", params, { gone: "bad-parameters", what });
  await demandError(asked, () => machines.chart.find("unknown-release", `${what} was accepted`));
}

async function missingState(machines: Machines): Promise<void> {
  const what = "a restore without a state";
  const params = begin(machines, "doctor-manners");
  const asked = machines.talk.ask("restore", params, { gone: "bad-parameters", what });
  await demandError(asked, () => machines.chart.find("state-unread", `${what} gives a machine`));
}

async function nonAscii(machines: Machines): Promise<void> {
  const asking = { gone: "non-ascii", what: "a request with letters beyond ASCII" } as const;
  await machines.talk.ask("observe", { machine: TEXT }, asking);
  if (!canStart(machines)) return;
  const { code, why } = await startAndStop(machines, begin(machines, `doctor-${TEXT}`), asking);
  if (code === undefined || machines.chart.has("start-refused")) return;
  machines.chart.find("non-ascii", `a rig with letters beyond ASCII was answered with ${why}`);
}

async function damagedState(machines: Machines): Promise<void> {
  const what = "a state of octets that mean nothing";
  await restoreOctets(machines, Buffer.from([0, 255, 10, 13, 34, 92, 128]), what, "damaged-state");
}

async function largeMessage(machines: Machines): Promise<void> {
  const { hello, chart } = machines;
  const size = Math.min(LARGE_BYTES, hello.stateBytes, (hello.messageBytes - 4096) * 0.7);
  if (size < LARGE_BYTES) chart.note(`states of more than ${Math.max(0, size)} octets`);
  if (size <= 0) return;
  const what = `a state of ${size} octets`;
  await restoreOctets(machines, Buffer.alloc(size), what, "large-message");
  // The rest of a line that was read in part would come now.
  await machines.talk.ask("doctor/none", {}, { gone: "large-message", what });
}

async function restoreOctets(
  machines: Machines,
  octets: Buffer,
  what: string,
  gone: Code,
): Promise<void> {
  const { hello, talk, chart } = machines;
  const release = hello.releases.find((one) => hello.plays(one, "restore"));
  if (release === undefined) return;
  const start = { release, seed: SEED, rig: "doctor-manners" };
  const params = machines.restoreParams(start, { octets, writer: release });
  const { code, why } = await talk.ask("restore", params, { gone, what });
  if (code === BROKEN) chart.find("internal-error", `${what} was answered with ${why}`);
}

async function rigs({ hello, talk, chart }: Machines): Promise<void> {
  if (!hello.capabilities.includes("rigs")) return;
  const { code, why } = await talk.ask("endRig", { rig: "doctor-manners" });
  if (code !== undefined) chart.find("rigs-refused", `endRig was answered with ${why}`);
}

function canStart({ hello }: Machines): boolean {
  return hello.releases.some((release) => hello.plays(release, "save"));
}

function begin(machines: Machines, rig: string) {
  const { hello } = machines;
  const release = hello.releases.find((one) => hello.plays(one, "save")) ?? hello.releases[0];
  return machines.params({ release: release ?? "", seed: SEED, rig });
}
