/**
 * Faults that are armed in a controller, and what they have seen. They are the hardware's: they
 * outlive restarts and resets, and are copied with it. Of several faults that match a command, the
 * one armed first strikes.
 *
 * @module
 */
import type { VirtualClock } from "../machine/mod.ts";
import type { Command } from "./command.ts";
import type { Fault, QueueFaultKind, QueuePlace, RegisterFaultKind } from "./fault.ts";
import type { InFlight } from "./in_flight.ts";
import { type AdminOpcode, type NvmOpcode, opcodeNumber } from "./opcodes.ts";

interface ArmedQueueFault {
  readonly place: QueuePlace;
  readonly kind: QueueFaultKind;
  readonly opcode: number | null;
  skips: number;
  times: number;
}

export class Faults {
  readonly #clock: VirtualClock;
  readonly #inFlight: InFlight;
  #queue: ArmedQueueFault[] = [];
  #registers: RegisterFaultKind[] = [];
  #violations: string[] = [];
  #verified: string[] = [];
  #strikes = 0;

  constructor(clock: VirtualClock, inFlight: InFlight) {
    this.#clock = clock;
    this.#inFlight = inFlight;
  }

  /** Times that a fault has struck, a register that was looked at among them. */
  get strikes(): number {
    return this.#strikes;
  }

  /** Commands that came and must not, by the texts of their faults. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  /** Commands that were looked for and came, by the texts of their faults. */
  get verified(): readonly string[] {
    return this.#verified;
  }

  arm(fault: Fault): void {
    if (fault.place === "registers") {
      this.#registers.push(fault.kind);
      return;
    }
    const { place, kind, time = {} } = fault;
    const { skips = 0, times = Number.POSITIVE_INFINITY } = time;
    const opcode = place.opcode === undefined ? null : opcodeOf(place.queue, place.opcode);
    this.#queue.push({ place, kind, opcode, skips, times });
  }

  /** Lets everything go on that waits for a fault to be released; the faults stay armed. */
  release(): void {
    this.#inFlight.undelay(this.#clock.nowUs);
  }

  /** Disarms every fault and lets everything go on. */
  disarm(): void {
    this.#queue = [];
    this.#registers = [];
    this.release();
  }

  /** What happens to a command of queue `qid` here, or null. */
  strike(at: QueuePlace["at"], qid: number, command: Command): QueueFaultKind | null {
    if (this.#queue.length === 0) return null;
    const fault = this.#queue.find((armed) => armed.times > 0 && matches(armed, at, qid, command));
    if (fault === undefined) return null;
    if (fault.skips > 0) {
      fault.skips--;
      return null;
    }
    fault.times--;
    this.#strikes++;
    const { kind } = fault;
    if (kind.name === "panic") this.#violations.push(kind.text);
    if (kind.name === "verify") this.#verified.push(kind.text);
    return kind;
  }

  /** The register fault called `name`, if it is armed. */
  ofRegisters<Name extends RegisterFaultKind["name"]>(
    name: Name,
  ): Extract<RegisterFaultKind, { name: Name }> | undefined {
    if (this.#registers.length === 0) return undefined;
    const armed = this.#registers.find(
      (kind): kind is Extract<RegisterFaultKind, { name: Name }> => kind.name === name,
    );
    if (armed !== undefined) this.#strikes++;
    return armed;
  }

  fork(clock: VirtualClock, inFlight: InFlight): Faults {
    const copy = new Faults(clock, inFlight);
    copy.#queue = this.#queue.map((fault) => ({ ...fault }));
    copy.#registers = [...this.#registers];
    copy.#strikes = this.#strikes;
    copy.#violations = [...this.#violations];
    copy.#verified = [...this.#verified];
    return copy;
  }
}

function opcodeOf(queue: QueuePlace["queue"], name: AdminOpcode | NvmOpcode): number {
  const opcode = opcodeNumber(queue, name);
  if (opcode !== null) return opcode;
  throw new RangeError(
    `Cannot arm fault as opcode must be one of ${queue} queues: current value is ${name}`,
  );
}

function matches(
  { place, opcode }: ArmedQueueFault,
  at: QueuePlace["at"],
  qid: number,
  command: Command,
): boolean {
  return (
    place.at === at &&
    (place.queue === "admin") === (qid === 0) &&
    (opcode === null || opcode === command.opcode) &&
    (place.qid === undefined || place.qid === qid) &&
    (place.nsid === undefined || place.nsid === command.nsid)
  );
}
