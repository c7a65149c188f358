/**
 * How a guest's storage driver comes to terms with a controller once the first channel is open: one
 * step after the other, each when the one before has been answered. It asks for as many subchannels
 * as it plans to open, if there may be so many.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/lib.rs, the guest's side.
 *
 * @module
 */
import type { GuestMemory } from "../memory/mod.ts";
import {
  decodePacket,
  OPERATION,
  STORVSP_VERSION,
  subchannelsMaxOf,
  wordPayload,
} from "../storvsp/mod.ts";
import { PACKET_TYPE, type Packet, sameGuid } from "../vmbus/mod.ts";
import {
  type DriverState,
  type GuestChannel,
  noteOddity,
  type PlannedChannel,
} from "./driver_state.ts";
import { OTHERS_FROM, writePacket } from "./ring_traffic.ts";
import { operationPacket, statusOf } from "./storage_packets.ts";

const STEPS: readonly ((subchannels: number) => Uint8Array)[] = [
  () => operationPacket(OPERATION.BEGIN_INITIALIZATION),
  () => operationPacket(OPERATION.QUERY_PROTOCOL_VERSION, wordPayload(STORVSP_VERSION)),
  () => operationPacket(OPERATION.QUERY_PROPERTIES),
  (subchannels) => operationPacket(OPERATION.CREATE_SUB_CHANNELS, wordPayload(subchannels)),
  () => operationPacket(OPERATION.END_INITIALIZATION),
];

/** The step whose answer says how many subchannels there may be, and the one that asks for them. */
const PROPERTIES = 2;
const SUBCHANNELS = 3;

/** Who greets. */
export interface Greeter {
  readonly state: DriverState;
  readonly memory: GuestMemory;
  readonly plan: readonly PlannedChannel[];
  signal(channel: GuestChannel): void;
}

/** Whether packets to whatever is behind the channel make sense yet. */
export function isGreeted({ planned, greeted }: GuestChannel): boolean {
  if (planned?.use !== "storage" || planned.key.subchannel_index > 0) return true;
  return greeted >= STEPS.length;
}

/** Sends the next greeting where there is one to be sent. False when there is none. */
export function greet(driver: Greeter): boolean {
  const { state, memory } = driver;
  const [relid] = state.greets;
  if (relid === undefined) return false;
  state.greets.delete(relid);
  const channel = state.channels.get(relid);
  if (channel === undefined || channel.state !== "open" || isGreeted(channel)) return true;
  const payload = STEPS[channel.greeted]?.(subchannelsOf(driver, channel));
  if (payload === undefined) return true;
  const signals = writePacket(state, memory, channel, {
    type: PACKET_TYPE.inBand,
    transactionId: OTHERS_FROM + BigInt(channel.greeted),
    completionRequested: true,
    extension: new Uint8Array(),
    payload,
  });
  if (signals === true) driver.signal(channel);
  return true;
}

/** Takes the answer to a greeting. False when `packet` is none. */
export function takeGreeting(
  { state }: Greeter,
  channel: GuestChannel,
  { transactionId, payload }: Packet,
): boolean {
  const step = Number(transactionId - OTHERS_FROM);
  if (step >= STEPS.length) return false;
  const status = statusOf(payload);
  if (step !== channel.greeted || status !== 0) {
    const what = `relid ${channel.relid}: greeting ${step} of ${channel.greeted}`;
    noteOddity(state, `${what} has status 0x${status.toString(16)}`);
    return true;
  }
  const packet = decodePacket(payload);
  const none = step === PROPERTIES && packet !== null && subchannelsMaxOf(packet) === 0;
  channel.greeted = none ? SUBCHANNELS + 1 : step + 1;
  state.greets.add(channel.relid);
  return true;
}

function subchannelsOf({ plan }: Greeter, { key }: GuestChannel): number {
  return plan.filter(
    ({ key: { instance_id, subchannel_index } }) =>
      subchannel_index > 0 && sameGuid(instance_id, key.instance_id),
  ).length;
}
