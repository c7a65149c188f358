/**
 * Looking at a machine with the eyes of its guest. It changes nothing, and parts that have not
 * changed are the same objects as before.
 *
 * @module
 */
import { perState } from "./blob.ts";
import type { ClockView, GuestView, RegisterFile } from "./guest_view.ts";
import type { LoadedVm } from "./loaded_vm.ts";
import type { Processor } from "./processor.ts";

/** What the guest of `vm` would read now. */
export function look(vm: LoadedVm): GuestView {
  const registers = new Map<string, RegisterFile>();
  for (const unit of vm.chipset) registers.set(unit.name, unit.registers());
  for (const [index, processor] of vm.processors.get().entries()) {
    registers.set(`vp${index}`, processorFile(processor));
  }
  if (vm.emuplat.gpaRanges !== null) registers.set("bios", biosFile(vm.host.gpaRanges.ranges));
  return {
    registers,
    variables: vm.uefi?.nvram.variables ?? null,
    files: vm.vmgs?.files() ?? null,
    clock: lookAtClock(vm),
  };
}

/** The clocks alone. */
export function lookAtClock({ emuplat, host, vmTime }: LoadedVm): ClockView {
  return {
    localMillis: emuplat.clock.nowMillis,
    hostMillis: host.timeMillis,
    vmTime: vmTime.now,
  };
}

const processorFile = perState((processor: Processor): RegisterFile => {
  const { fx_state, crash_reg, queues, startup_suspend, ...registers } = processor;
  const file = new Map<string, bigint | string>();
  for (const [name, value] of Object.entries(registers)) {
    if (value !== null && value !== undefined) file.set(name, value);
  }
  file.set("fx_state", fx_state.join(" "));
  file.set("startup_suspend", `${startup_suspend}`);
  for (const [index, value] of (crash_reg ?? []).entries()) file.set(`crash_p${index}`, value);
  for (const [sint, queue] of queues.entries()) {
    for (const message of queue) file.set(`sint${sint}`, message.join(" "));
  }
  return file;
});

type HostRanges = LoadedVm["host"]["gpaRanges"]["ranges"];

/** Where reads of each range of the BIOS area end up. */
const biosFile = perState((ranges: HostRanges): RegisterFile => {
  const file = new Map<string, string>();
  for (const range of ranges) {
    if (range === null) continue;
    const { start, length, gpaOffset, isRom } = range;
    file.set(start.toString(16), `${isRom ? "rom" : "ram"} ${gpaOffset.toString(16)}+${length}`);
  }
  return file;
});
