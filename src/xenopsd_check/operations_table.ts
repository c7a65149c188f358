/**
 * Every operation that answers with a task: on which VM, in which state, and with which parameters
 * it is tried. Migrations have two machines, and sweeps of their own.
 *
 * Source: interface of xenopsd, operations.
 *
 * @module
 */
import type { MethodName } from "../xenops_interface/mod.ts";

/** How the VM is before. */
export type Start =
  | "halted"
  | "created"
  | "built"
  | "paused"
  | "running"
  | "unplugged"
  | "suspended";

export interface Tried {
  readonly method: MethodName;
  readonly start: Start;
  readonly params: object;
  /** Done to its end, it leaves half of a domain, as it is one step of a start. */
  readonly isPart: boolean;
}

const VM = { id: "vm" };
const VBD = { id: ["vm", "xvda"] };
const VIF = { id: ["vm", "0"] };
const VUSB = { id: ["vm", "vusb0"] };
const IMAGE = { ...VM, suspend_vdi: ["Local", "/image"] };
const MIB = 2n ** 20n;

const tried = (method: MethodName, start: Start, params: object = VM): Tried => ({
  method,
  start,
  params,
  isPart: method === "VM.create" || method === "VM.build",
});

export const OPERATIONS: readonly Tried[] = [
  tried("VM.start", "halted", { ...VM, paused: false }),
  tried("VM.shutdown", "running"),
  tried("VM.shutdown", "paused", { ...VM, delay: 60 }),
  tried("VM.reboot", "running"),
  tried("VM.reboot", "running", { ...VM, delay: 60 }),
  tried("VM.suspend", "running", IMAGE),
  tried("VM.resume", "suspended", IMAGE),
  tried("VM.create", "halted"),
  tried("VM.build", "created", { ...VM, force: false }),
  tried("VM.create_device_model", "built", { ...VM, save_state: false }),
  tried("VM.destroy", "created"),
  tried("VM.pause", "running"),
  tried("VM.unpause", "paused"),
  tried("VM.request_rdp", "running", { ...VM, enabled: true }),
  tried("VM.run_script", "running", { ...VM, script: "exit 0" }),
  tried("VM.set_xsdata", "running", { ...VM, xsdata: [["vm-data/key", "value"]] }),
  tried("VM.set_vcpus", "running", { ...VM, vcpus: 1 }),
  tried("VM.set_shadow_multiplier", "running", { ...VM, multiplier: 2 }),
  tried("VM.set_memory_dynamic_range", "running", {
    ...VM,
    minimum: 256n * MIB,
    maximum: 384n * MIB,
  }),
  tried("VM.delay", "running", { ...VM, delay: 1 }),
  tried("VM.fast_resume", "paused"),
  tried("VM.s3suspend", "running"),
  tried("VM.s3resume", "running"),
  tried("VM.import_metadata_async", "running", { metadata: "" }),
  tried("VBD.plug", "unplugged", VBD),
  tried("VBD.unplug", "running", { ...VBD, force: false }),
  tried("VBD.insert", "running", { ...VBD, disk: ["Local", "/dev/another"] }),
  tried("VBD.eject", "running", VBD),
  tried("VIF.plug", "unplugged", VIF),
  tried("VIF.unplug", "running", { ...VIF, force: false }),
  tried("VIF.move", "running", { ...VIF, network: ["Local", "xenbr1"] }),
  tried("VIF.set_carrier", "running", { ...VIF, carrier: false }),
  tried("VIF.set_locking_mode", "running", { ...VIF, locking_mode: "Disabled" }),
  tried("VIF.set_ipv4_configuration", "running", { ...VIF, ipv4_configuration: "DHCP4" }),
  tried("VIF.set_ipv6_configuration", "running", { ...VIF, ipv6_configuration: "Autoconf6" }),
  tried("VIF.set_pvs_proxy", "running", VIF),
  tried("VIF.set_trunks", "running", { ...VIF, trunks: [1n, 2n] }),
  tried("VUSB.plug", "unplugged", VUSB),
  tried("VUSB.unplug", "running", VUSB),
];
