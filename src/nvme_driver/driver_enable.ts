/**
 * Bringing up a device that nobody drives: from its registers to its first I/O queue. Source:
 * microsoft/openvmm, nvme_driver driver.rs `new_disabled` and `enable`.
 *
 * @module
 */
import { ChainError, withContext } from "../machine/mod.ts";
import { CNS, CSTS, FEATURE, NOBODY, pageShiftOf, queueEntriesOf } from "../nvme/mod.ts";
import { AdminQueue } from "./admin_queue.ts";
import type { DriverContext } from "./driver_context.ts";
import { IoQueues, type QueueLimits } from "./io_queues.ts";

/** A device that is up. */
export interface Enabled {
  readonly identify: Uint8Array;
  readonly admin: AdminQueue;
  readonly queues: IoQueues;
  readonly limits: QueueLimits;
}

/** Base-two logarithm of a page of 4 KiB. */
const PAGE_SHIFT = 12;

/** Resets a device that is in use, and refuses one that this driver cannot drive. */
export function prepare({ registers, environment }: DriverContext): void {
  environment.points.around("nvme/create/disable", () => {
    if (!registers.inUse) return;
    const csts = registers.reset();
    if (csts !== 0) throw new ChainError(`device is gone, csts: 0x${csts.toString(16)}`);
  });
  const mpsmin = pageShiftOf(registers.cap);
  if (mpsmin === 0) return;
  throw new ChainError(`unsupported minimum page size: ${mpsmin + PAGE_SHIFT}`);
}

/**
 * Enables the device and sets it up; `askForEvents` is called when it can be. Queue memory of a
 * failed attempt is given back.
 */
export function enable(context: DriverContext, askForEvents: (admin: AdminQueue) => void): Enabled {
  const { vfio, environment } = context;
  let admin: AdminQueue | null = null;
  vfio.mapInterrupt(0, () => admin?.pair.run());
  admin = withContext("failed to create admin queue pair", () => AdminQueue.create(context));
  try {
    environment.points.around("nvme/create/enable", () => enableController(context, admin));
    admin.pair.start();
    return setUp(context, admin, askForEvents);
  } catch (error) {
    admin.pair.stop();
    admin.pair.memory.block.free();
    throw error;
  }
}

function enableController({ registers }: DriverContext, { pair }: AdminQueue): void {
  const { sq, cq } = pair.memory;
  const csts = registers.enable({ sqPfn: sq.pfn, cqPfn: cq.pfn, entries: pair.entries });
  if (csts === NOBODY) throw new ChainError(`device is gone, csts: 0x${csts.toString(16)}`);
  if ((csts & CSTS.CFS) === 0) return;
  const after = registers.reset();
  throw new ChainError(
    `device had fatal error, csts: 0x${csts.toString(16)}, after reset: ${after}`,
  );
}

/** The admin commands of a fresh start, up to the first I/O queue. */
function setUp(
  context: DriverContext,
  admin: AdminQueue,
  askForEvents: (admin: AdminQueue) => void,
): Enabled {
  const { environment, release, fused } = context;
  const { data: identify } = environment.points.around("nvme/create/identify", () =>
    withContext("failed to identify controller", () =>
      admin.issue("ask", "IDENTIFY", { cdw10: CNS.CONTROLLER }),
    ),
  );
  const limits = agreeOnQueues(context, admin);
  if (!fused || release.asksFusedForEvents) askForEvents(admin);
  const queues = new IoQueues(context, admin, limits);
  try {
    environment.points.around("nvme/create/io", () => {
      withContext("failed to create io queue 1", () => queues.createNow(0, false));
      for (let cpu = 1; fused && cpu < limits.maxIoQueues; cpu++) queues.createNow(cpu, true);
    });
  } catch (error) {
    queues.free();
    throw error;
  }
  return { identify, admin, queues, limits };
}

/** Asks the device for a queue for every processor and takes what it grants. */
function agreeOnQueues(context: DriverContext, admin: AdminQueue): QueueLimits {
  const { vfio, release, cpuCount, environment, registers } = context;
  if (vfio.interruptsMax === 0) {
    throw new ChainError("bad device behavior: max_interrupt_count == 0");
  }
  if (vfio.interruptsMax < cpuCount) environment.log.warn("queue count constrained by msi count");
  const requested = Math.min(cpuCount, vfio.interruptsMax);
  const zeroBased = requested - 1;
  const asked = { cdw10: FEATURE.NUMBER_OF_QUEUES, cdw11: (zeroBased << 16) | zeroBased };
  const { dw0 } = withContext("failed to set number of queues", () =>
    admin.issue("send", "SET_FEATURES", asked),
  );
  const granted = Math.min(dw0 & 0xffff, dw0 >>> 16) + 1;
  if (granted < requested) {
    environment.log.warn("queue count constrained by hardware queue count");
  }
  const mqes = queueEntriesOf(registers.cap);
  if (mqes < 1) throw new ChainError("bad device behavior. mqes cannot be 0");
  const { sqEntriesMax, cqEntriesMax } = release.layout;
  const qsize = Math.min(sqEntriesMax, cqEntriesMax, mqes + 1);
  return { qsize, maxIoQueues: Math.min(granted, requested) };
}
