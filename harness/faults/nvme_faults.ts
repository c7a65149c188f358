/**
 * Faults of NVMe controllers, as upstream's test controller has them: commands dropped, delayed,
 * answered wrongly, forbidden (`panic`) or looked for (`verify`), and registers that misbehave.
 *
 * Source: microsoft/openvmm, vm/devices/storage/nvme_resources/src/fault.rs.
 *
 * @module
 */
import { ALL_WITH_ERRORS, ERRORS, HARMLESS, WAITS } from "./fairness.ts";
import type { Fair, Fault, FaultTime } from "./fault.ts";

const SOURCE = "openvmm, vm/devices/storage/nvme_resources/src/fault.rs";
const TESTS = "openvmm, vmm_tests, multiarch/openhcl_servicing.rs";
const WITH_NVME = ["nvme", "nvme+mana"];

/** A device that is not there, is late or lies may cost the restore, but never silently. */
const DEVICE_MAY_BE_LOST: Fair = {
  save: ["done"],
  restore: ["done", "refused", "hung"],
  guest: "errors",
};

/** A queue is created when a processor first needs it, which may be long after the restore. */
const QUEUES_MAY_BE_LOST: Fair = { ...DEVICE_MAY_BE_LOST, guest: "either" };

/** A controller that is asked for it is gone; the machine need not come up, and not silently. */
const MAY_DIE: Fair = { ...DEVICE_MAY_BE_LOST, guest: "anything" };

/** The guest reads what the device says; nobody can know better. */
const LIES: Fair = { ...HARMLESS, guest: "anything" };
/** What a dead controller was asked for never comes back, and may stop what comes after it. */
const DIES: Fair = { ...WAITS, guest: "anything" };

export const NVME_FAULTS: readonly Fault[] = [
  ofCommand("identify", "verify", "restore", "It is noted whether IDENTIFY comes", HARMLESS),
  ofCommand("identify", "corrupt", "restore", "IDENTIFY fails", DEVICE_MAY_BE_LOST),
  ofCommand("identify", "payload", "restore", "IDENTIFY NAMESPACE tells another size", ERRORS),
  ofCommand("identify", "delay", "restore", "IDENTIFY takes two seconds", HARMLESS),
  ofCommand("identify", "drop", "restore", "IDENTIFY is never answered", DEVICE_MAY_BE_LOST),
  ofCommand("identify", "panic", "restore", "A controller dies of IDENTIFY", MAY_DIE),
  ofCommand("create-queue", "panic", "restore", "A controller dies of a new queue", MAY_DIE),
  ofCommand(
    "create-queue",
    "verify",
    "restore",
    "It is noted whether queues are created",
    HARMLESS,
  ),
  ofCommand("create-queue", "delay", "save", "A queue takes three seconds to be created", WAITS),
  ofCommand("create-queue", "drop", "restore", "No queue is ever created", QUEUES_MAY_BE_LOST),
  ofCommand(
    "log-page",
    "delay",
    "save",
    "The log of changed namespaces takes two seconds",
    HARMLESS,
  ),
  ofCommand("event", "corrupt", "after", "An asynchronous event request fails", HARMLESS),
  ofCommand("read", "delay", "after", "A read takes five seconds", HARMLESS),
  ofCommand("read", "drop", "after", "A read is never answered", WAITS),
  ofCommand("read", "corrupt", "after", "A read fails", ERRORS),
  ofCommand("read", "payload", "after", "A read brings octets that are not on the medium", LIES),
  ofCommand("read", "panic", "after", "A controller dies of a read", DIES),
  ofCommand("write", "verify", "after", "It is noted whether writes come", HARMLESS),
  ofCommand("write", "delay", "save", "Writes are held until the guest runs again", HARMLESS),
  ofCommand("write", "delay", "after", "A write takes five seconds", HARMLESS),
  ofCommand("write", "drop", "after", "A write is never answered", WAITS),
  ofCommand("write", "corrupt", "after", "A write fails", ERRORS),
  {
    place: "commands",
    kind: "done",
    time: "restore",
    meaning: "What was in flight is done while the restore opens a device again",
    source: "openvmm, openhcl/underhill_core/src/nvme_manager/device.rs; pull 2371",
    devices: WITH_NVME,
    fair: HARMLESS,
  },
  ofRegister("ready", "late", "A controller takes two seconds to be ready", HARMLESS),
  ofRegister("ready", "never", "A controller is never ready", DEVICE_MAY_BE_LOST),
  ofRegister("registers", "gone", "Every register of a controller reads as ones", ALL_WITH_ERRORS),
  ofRegister("queue-limit", "lowered", "A controller allows shorter queues than before", HARMLESS),
];

function ofCommand(
  place: string,
  kind: string,
  time: FaultTime,
  meaning: string,
  fair: Fair,
): Fault {
  return { place, kind, time, meaning, source: TESTS, devices: WITH_NVME, fair };
}

function ofRegister(place: string, kind: string, meaning: string, fair: Fair): Fault {
  return { place, kind, time: "restore", meaning, source: SOURCE, devices: WITH_NVME, fair };
}
