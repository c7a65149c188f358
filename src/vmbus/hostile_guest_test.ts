import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { putU32 } from "../bytes/write_little_endian.ts";
import { codecFor } from "../mesh/mod.ts";
import { VmbusServerSavedState } from "../openhcl_state/mod.ts";
import { HEADER_LENGTH } from "./layout.ts";
import { MESSAGE, type MessageName } from "./messages.ts";
import { sameKey } from "./offer.ts";
import { VERSION } from "./protocol.ts";
import type { HeldKind, RingDevice } from "./ring_device.ts";
import { offerNumber, TestServer } from "./test_server.ts";

const CHANNELS = 3;
const KINDS: readonly HeldKind[] = ["open", "close", "gpadl", "teardown", "modify"];
const NAMES = Object.keys(MESSAGE) as MessageName[];

/** Numbers that mean something as ids of channels and GPADLs, and as versions. */
const NUMBERS = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
  fc.constantFrom(...Object.values(VERSION)),
  fc.nat(0xffff),
);

const DEVICE = fc.nat(CHANNELS - 1);

const STEPS = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...NAMES), fc.array(NUMBERS)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("contact" as const)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("gpadl" as const), DEVICE, fc.nat(30)) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("openOn" as const), DEVICE) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("take" as const)) },
    fc.tuple(fc.constant("hold" as const), DEVICE, fc.subarray([...KINDS])),
    fc.tuple(fc.constant("answer" as const), DEVICE),
    fc.tuple(fc.constant("replace" as const), DEVICE),
    fc.tuple(fc.constant("room" as const), fc.nat(2)),
    fc.tuple(fc.constant("garbage" as const), fc.uint8Array({ maxLength: 250 })),
    fc.tuple(fc.constant("service" as const)),
    fc.tuple(fc.constant("reset" as const)),
  ),
  { maxLength: 60, size: "max" },
);

type Step = typeof STEPS extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

/** A message whose numbers are `numbers`, one after the other. */
function messageOf(name: MessageName, numbers: readonly number[]): Uint8Array {
  const { type, length } = MESSAGE[name];
  const octets = new Uint8Array(length);
  octets[0] = type;
  for (const [index, number] of numbers.entries()) {
    const at = HEADER_LENGTH + index * 4;
    if (at + 4 <= length) putU32(octets, at, number);
  }
  return octets;
}

const codec = codecFor(VmbusServerSavedState, "main");

/** A guest that sends whatever it likes to a server that is serviced meanwhile. */
class Walk {
  #test = new TestServer();
  #devices: RingDevice[] = [];

  constructor() {
    for (let number = 1; number <= CHANNELS; number++) this.#devices.push(this.#test.offer(number));
    this.#test.connect();
  }

  do(step: Step): void {
    const test = this.#test;
    switch (step[0]) {
      case "contact":
        test.connect();
        break;
      case "gpadl":
        test.gpadl(step[1] + 1, step[1] + 1, step[2]);
        break;
      case "openOn":
        test.open(step[1] + 1, step[1] + 1);
        break;
      case "take":
        test.take();
        break;
      case "hold":
        this.#devices[step[1]]?.hold(step[2]);
        break;
      case "answer":
        this.#devices[step[1]]?.answerHeld();
        break;
      case "replace":
        this.#devices[step[1]]?.revoke();
        this.#devices[step[1]] = test.offer(step[1] + 1);
        break;
      case "room":
        test.room = step[1] || Number.POSITIVE_INFINITY;
        break;
      case "garbage":
        test.server.post(step[1]);
        break;
      case "service":
        this.#service();
        break;
      case "reset":
        this.#reset();
        break;
      default:
        test.server.post(messageOf(...step));
    }
  }

  /** A server that resets is neither reset nor saved. */
  get #resets(): boolean {
    const { connection } = this.#test.server;
    return connection.kind === "Disconnecting" && connection.nextAction.kind === "Reset";
  }

  /** The machine is reset, and its devices with it. */
  #reset(): void {
    if (this.#resets) return;
    this.#test.server.reset();
    if (!this.#resets) for (const device of this.#devices) device.reset();
  }

  #service(): void {
    if (this.#resets) return;
    const saved = codec.decode(codec.encode(this.#test.save()));
    const open = this.#devices.map(({ isOpen }) => isOpen);
    const next = new TestServer();
    next.server.stop();
    next.version = this.#test.version;
    this.#devices = open.map((_, index) => next.offer(index + 1));
    next.server.restore(saved);
    const { state, disconnected_state: without } = saved.server;
    const channels = [...(state?.channels ?? []), ...(without?.reserved_channels ?? [])];
    for (const [index, device] of this.#devices.entries()) {
      const { key } = offerNumber(index + 1);
      const isSaved = channels.some((channel) => sameKey(channel.key, key));
      // What a guest has released while it was being opened is not saved, and refused if open.
      device.restore(open[index] === true && isSaved);
    }
    next.server.start();
    this.#test = next;
  }

  /** Everything is answered and taken, and the guest connects anew. */
  end(): void {
    this.#test.room = Number.POSITIVE_INFINITY;
    for (const device of this.#devices) device.answerHeld();
    this.#test.take();
    for (const device of this.#devices) device.answerHeld();
    this.#test.take();
    this.#test.connect();
    const { connection } = this.#test.states();
    assert.equal(connection, "Connected");
    assert.equal(this.#test.server.channels().length, CHANNELS);
  }
}

test("VmbusServer never panics, whatever a guest sends and whenever it is saved", () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const walk = new Walk();
      for (const step of steps) walk.do(step);
      walk.end();
    }),
    { numRuns: 400, seed: 1 },
  );
});
