/**
 * What a client may ask of a VM with the sample's devices, drawn by chance.
 *
 * @module
 */
import { samplePci, sampleVbds, sampleVifs } from "./sample_vm.ts";

export type Draw = (limit: number) => number;

/** A method and its parameters. Often it is one that the VM can obey, whatever state it is in. */
export function drawOperation(draw: Draw, vm: string): [method: string, params: object] {
  const kinds = [ofVm, ofVm, ofVm, ofDevice, ofRecords, ofUpdates];
  return (kinds[draw(kinds.length)] as typeof ofVm)(draw, vm);
}

function ofVm(draw: Draw, id: string): [string, object] {
  const image = { id, suspend_vdi: ["Local", `/image/${id}`] };
  return among(draw, [
    ["VM.start", { id, paused: draw(2) === 0 }],
    ["VM.start", { id, paused: false }],
    ["VM.unpause", { id }],
    ["VM.unpause", { id }],
    ["VM.pause", { id }],
    ["VM.shutdown", draw(2) === 0 ? { id } : { id, delay: 30 }],
    ["VM.reboot", { id }],
    ["VM.suspend", image],
    ["VM.resume", image],
    ["VM.delay", { id, delay: draw(3) }],
    ["VM.set_vcpus", { id, vcpus: 1 + draw(3) }],
    ["VM.set_xsdata", { id, xsdata: [["vm-data/key", `${draw(1000)}`]] }],
    ["VM.run_script", { id, script: "exit 0" }],
  ]);
}

function ofDevice(draw: Draw, vm: string): [string, object] {
  const vbd = { id: [vm, draw(2) === 0 ? "xvda" : "xvdb"] };
  const vif = { id: [vm, `${draw(2)}`] };
  return among(draw, [
    ["VBD.plug", vbd],
    ["VBD.unplug", { ...vbd, force: draw(2) === 0 }],
    ["VIF.plug", vif],
    ["VIF.unplug", { ...vif, force: draw(2) === 0 }],
    ["VIF.set_carrier", { ...vif, carrier: draw(2) === 0 }],
    ["VIF.move", { ...vif, network: ["Local", `xenbr${draw(2)}`] }],
  ]);
}

function ofRecords(draw: Draw, vm: string): [string, object] {
  return among(draw, [
    ["VBD.remove", { id: [vm, "xvdb"] }],
    ["VBD.add", { vbd: sampleVbds(vm)[1] }],
    ["VIF.remove", { id: [vm, "1"] }],
    ["VIF.add", { vif: sampleVifs(vm)[1] }],
    ["PCI.remove", { id: samplePci(vm).id }],
    ["PCI.add", { pci: samplePci(vm) }],
    ["VM.export_metadata", { id: vm }],
    ["VM.stat", { id: vm }],
  ]);
}

function ofUpdates(draw: Draw, vm: string): [string, object] {
  return among(draw, [
    ["UPDATES.inject_barrier", { vm_id: vm, id: draw(8) }],
    ["UPDATES.remove_barrier", { id: draw(8) }],
    ["UPDATES.refresh_vm", { id: vm }],
    ["UPDATES.last_id", {}],
  ]);
}

function among(draw: Draw, all: readonly [string, object][]): [string, object] {
  return all[draw(all.length)] as [string, object];
}
