/**
 * Faults of NVMe controllers in the terms of the model's own: what is armed in the hardware, when,
 * and how it is set off where the guest would not do so by itself.
 *
 * @module
 */
import type { Strike } from "../../../src/machine/mod.ts";
import type { Fault as HardwareFault, NvmeController } from "../../../src/nvme/mod.ts";
import type { Host } from "../../../src/openhcl/mod.ts";

/** When a fault is armed: before the machine boots, before the save, the restore, or goes on. */
export type Moment = "boot" | "save" | "restore" | "after";

interface Disturbance {
  readonly moment: Moment;
  readonly fault: HardwareFault;
  /** Only one controller is struck. */
  readonly onlyFirst?: true;
  /** The list of changed namespaces is touched, so that the driver has something to ask for. */
  readonly setsOff?: true;
}

const SECOND_US = 1_000_000;

/** Internal error, of the generic command status. */
const INTERNAL_ERROR = 0x006;

/** Size of a namespace that is told, by its first octets, in place of the real one. */
const OTHER_SIZE = Uint8Array.of(0, 0x30, 0, 0, 0, 0, 0, 0);

/** Octets that are on no medium. */
const LIE = Uint8Array.of(0xde, 0xad, 0xbe, 0xef);

const IDENTIFY = { queue: "admin", at: "completion", opcode: "IDENTIFY" } as const;
const CREATE = { queue: "admin", at: "submission", opcode: "CREATE_IO_COMPLETION_QUEUE" } as const;
const LOG_PAGE = { queue: "admin", at: "submission", opcode: "GET_LOG_PAGE" } as const;
const EVENT = { queue: "admin", at: "submission", opcode: "ASYNCHRONOUS_EVENT_REQUEST" } as const;
const READ = { queue: "io", at: "completion", opcode: "READ" } as const;

/** Identifier of the first namespace of the second controller: IDENTIFY of a namespace, and it. */
const VICTIM = { nsid: 2 } as const;

const WRITE = { queue: "io", at: "completion", opcode: "WRITE" } as const;

const DROP = { name: "drop" } as const;
const FAIL = { name: "fail", status: INTERNAL_ERROR } as const;
const DIE = { name: "die" } as const;
const late = (seconds: number) => ({ name: "delay", by: seconds * SECOND_US }) as const;
const seen = (text: string) => ({ name: "verify", text }) as const;

/** Queues that are made before one of them takes its time: those of all processors but the last. */
const QUEUES_BEFORE = 3;

const DISTURBANCES: Readonly<Record<string, Disturbance>> = {
  "identify:verify:restore": at("restore", IDENTIFY, seen("IDENTIFY")),
  "identify:corrupt:restore": at("restore", IDENTIFY, FAIL),
  "identify:payload:restore": at(
    "restore",
    { ...IDENTIFY, ...VICTIM },
    { name: "payload", octets: OTHER_SIZE },
  ),
  "identify:delay:restore": at("restore", IDENTIFY, late(2)),
  "identify:drop:restore": at("restore", IDENTIFY, DROP),
  "identify:panic:restore": at("restore", IDENTIFY, DIE),
  "create-queue:panic:restore": at("restore", CREATE, DIE),
  "create-queue:verify:restore": at("restore", CREATE, seen("CREATE_IO_COMPLETION_QUEUE")),
  "create-queue:delay:save": {
    moment: "boot",
    fault: { place: CREATE, kind: late(3), time: { skips: QUEUES_BEFORE, times: 1 } },
  },
  "create-queue:drop:restore": at("restore", CREATE, DROP),
  "log-page:delay:save": { ...at("save", LOG_PAGE, late(2)), setsOff: true },
  "event:corrupt:after": { ...at("after", EVENT, FAIL), setsOff: true },
  "read:delay:after": at("after", READ, late(5)),
  "read:drop:after": at("after", READ, DROP),
  "read:corrupt:after": at("after", READ, FAIL),
  "read:payload:after": at("after", READ, { name: "payload", octets: LIE }),
  "read:panic:after": at("after", READ, DIE),
  "write:verify:after": at("after", WRITE, seen("WRITE")),
  "write:delay:save": at("save", WRITE, { name: "delay", by: "until-released" }),
  "write:delay:after": at("after", WRITE, late(5)),
  "write:drop:after": at("after", WRITE, DROP),
  "write:corrupt:after": at("after", WRITE, FAIL),
  "ready:late:restore": ofRegisters({ name: "ready-late", delayUs: 2 * SECOND_US }),
  "ready:never:restore": ofRegisters({ name: "ready-never" }),
  "registers:gone:restore": ofRegisters({ name: "removed" }),
  "queue-limit:lowered:restore": ofRegisters({ name: "queue-entries", max: 16 }),
};

type CommandFault = Exclude<HardwareFault, { readonly place: "registers" }>;
type RegisterFault = Extract<HardwareFault, { readonly place: "registers" }>;

function at(moment: Moment, place: CommandFault["place"], kind: CommandFault["kind"]): Disturbance {
  return { moment, fault: { place, kind } };
}

function ofRegisters(kind: RegisterFault["kind"]): Disturbance {
  return { moment: "restore", fault: { place: "registers", kind }, onlyFirst: true };
}

/** Arms `fault` in the hardware if this is its moment. */
export function armNvme(
  fault: string,
  moment: Moment,
  controllers: readonly NvmeController[],
): void {
  const disturbance = DISTURBANCES[fault];
  if (disturbance?.moment !== moment) return;
  for (const controller of disturbance.onlyFirst ? controllers.slice(0, 1) : controllers) {
    controller.faults.arm(disturbance.fault);
    if (disturbance.setsOff) touch(controller);
  }
}

/** False while `fault` waits for what it strikes; true of what is no fault of a controller. */
export function nvmeStruck(fault: string, controllers: readonly NvmeController[]): boolean {
  return DISTURBANCES[fault] === undefined || controllers.some(({ faults }) => faults.strikes > 0);
}

/** Whatever was armed does not strike any more, and what it has held up goes on. */
export function disarmNvme(controllers: readonly NvmeController[]): void {
  for (const { faults } of controllers) faults.disarm();
}

/** Just before a device is opened that is still at work: to be taken over, or to be reset. */
const OPENINGS = ["nvme/restore/vfio/before", "nvme/clear/free/after"];

/** Whatever is in flight is done when a device is opened, the first time that one is. */
export function armArrival({ strikes, nvme }: Pick<Host, "strikes" | "nvme">): void {
  const arrivals = OPENINGS.map((point): Strike => {
    return {
      point,
      passes: 0,
      act() {
        for (const arrival of arrivals) {
          const at = strikes.indexOf(arrival);
          if (at !== -1) strikes.splice(at, 1);
        }
        for (const controller of nvme) controller.release();
      },
    };
  });
  strikes.push(...arrivals);
}

/** A change of a namespace that changes nothing. */
function touch(controller: NvmeController): void {
  const [first] = controller.namespaces.values();
  if (first !== undefined) controller.changeNamespace(first.nsid, first.blocks);
}
