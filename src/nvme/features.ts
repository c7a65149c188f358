/**
 * Features: settings of a controller that a host can read and some of which it can change. Source:
 * NVM Express Base Specification 2.0c, 5.15 and 5.27. Values are kept and shown; only the number of
 * queues and the asynchronous event configuration have an effect.
 *
 * @module
 */
import { failure, type Reply, STATUS } from "./status.ts";

/** Feature identifiers. */
export const FEATURE = {
  ARBITRATION: 0x01,
  POWER_MANAGEMENT: 0x02,
  TEMPERATURE_THRESHOLD: 0x04,
  NUMBER_OF_QUEUES: 0x07,
  INTERRUPT_COALESCING: 0x08,
  WRITE_ATOMICITY: 0x0a,
  ASYNCHRONOUS_EVENT_CONFIGURATION: 0x0b,
} as const;

/** Asynchronous event configuration: notices of changed namespaces. */
const NAMESPACE_NOTICES = 0x100;
/** CDW10 of Set Features: save the value over resets. No feature here can be saved. */
const SAVE = 0x8000_0000;

const DEFAULTS: ReadonlyMap<number, number> = new Map([
  [FEATURE.ARBITRATION, 0],
  [FEATURE.POWER_MANAGEMENT, 0],
  [FEATURE.TEMPERATURE_THRESHOLD, 0x157], // 343 K, which is 70 degrees Celsius.
  [FEATURE.INTERRUPT_COALESCING, 0],
  [FEATURE.WRITE_ATOMICITY, 0],
  [FEATURE.ASYNCHRONOUS_EVENT_CONFIGURATION, NAMESPACE_NOTICES],
]);

export class Features {
  readonly #values: Map<number, number>;
  /** Number of queues as dword 0 has it, both counts from zero. */
  readonly #queuesMax: number;

  constructor(ioQueuesMax: number, values: Iterable<readonly [number, number]> = DEFAULTS) {
    this.#queuesMax = ioQueuesMax - 1;
    this.#values = new Map(values);
  }

  /** False when the host does not want to hear of changed namespaces. */
  get reportsNamespaces(): boolean {
    const value = this.#values.get(FEATURE.ASYNCHRONOUS_EVENT_CONFIGURATION) ?? 0;
    return (value & NAMESPACE_NOTICES) !== 0;
  }

  set(cdw10: number, cdw11: number, hasIoQueues: boolean): Reply {
    const fid = cdw10 & 0xff;
    if (cdw10 >>> 0 >= SAVE) return failure(STATUS.FEATURE_NOT_SAVEABLE);
    if (fid === FEATURE.NUMBER_OF_QUEUES) return this.#setQueues(cdw11, hasIoQueues);
    if (!DEFAULTS.has(fid)) return failure(STATUS.INVALID_FIELD);
    this.#values.set(fid, cdw11);
    return { status: STATUS.SUCCESS, dw0: 0 };
  }

  /** Current values, or what the controller starts with (select 1). */
  get(cdw10: number): Reply {
    const fid = cdw10 & 0xff;
    const select = (cdw10 >>> 8) & 0x7;
    const values = select === 0 ? this.#values : DEFAULTS;
    const ofQueues = fid === FEATURE.NUMBER_OF_QUEUES;
    const most = ofQueues ? counts(this.#queuesMax, this.#queuesMax) : undefined;
    const dw0 = values.get(fid) ?? most;
    if (dw0 === undefined || select > 1) return failure(STATUS.INVALID_FIELD);
    return { status: STATUS.SUCCESS, dw0 };
  }

  fork(): Features {
    return new Features(this.#queuesMax + 1, this.#values);
  }

  /** Grants as many queues as asked for and as there are. */
  #setQueues(cdw11: number, hasIoQueues: boolean): Reply {
    if (hasIoQueues) return failure(STATUS.COMMAND_SEQUENCE_ERROR);
    const submission = cdw11 & 0xffff;
    const completion = cdw11 >>> 16;
    if (submission === 0xffff || completion === 0xffff) return failure(STATUS.INVALID_FIELD);
    const dw0 = counts(
      Math.min(submission, this.#queuesMax),
      Math.min(completion, this.#queuesMax),
    );
    this.#values.set(FEATURE.NUMBER_OF_QUEUES, dw0);
    return { status: STATUS.SUCCESS, dw0 };
  }
}

function counts(submission: number, completion: number): number {
  return ((completion << 16) | submission) >>> 0;
}
