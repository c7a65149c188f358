/**
 * The interface of xenopsd: its values, types, methods and errors, and the bodies that carry them.
 *
 * Source: xen-api, `ocaml/xapi-idl`; ocaml-rpc.
 *
 * @module
 */
export {
  BOOL,
  type Codec,
  FLOAT,
  INT,
  INT32,
  INT64,
  RPC,
  STRING,
  type TypeOf,
  UNIT,
} from "./codec.ts";
export { type DebugInfo, readDebugInfo } from "./debug_info.ts";
export { RpcDecodeError } from "./decode_error.ts";
export { DEVICE_ID, type DeviceId } from "./device_id.ts";
export {
  deviceNumberOf,
  deviceNumberOfKey,
  linuxDeviceOf,
  upgradeLinuxDevice,
  xenstoreKeyOf,
} from "./device_number.ts";
export { ERROR, type ErrorTag, errorOf, XenopsError } from "./error.ts";
export { HOST, type Host, QUERY, type Query } from "./host.ts";
export { JsonError } from "./json_error.ts";
export { readJson } from "./json_reader.ts";
export { writeJson } from "./json_writer.ts";
export { METADATA, type Metadata } from "./metadata.ts";
export { METHODS, type MethodName, type ParamsOf, type ResultOf } from "./methods_table.ts";
export { PCI, PCI_ADDRESS, PCI_STATE, type Pci, type PciAddress, type PciState } from "./pci.ts";
export { PLAIN_HVM, pciOf, vbdOf, vifOf, vmOf, vusbOf } from "./plain.ts";
export { defaulted, masked, optional, type RecordOf, record } from "./record.ts";
export {
  type Call,
  decodeCall,
  type Request,
  RequestError,
  readRequest,
  writeFailure,
  writeResult,
} from "./request.ts";
export { RpcDict, type RpcEntry, type RpcValue } from "./rpc.ts";
export { boxed, kv, list, tuple } from "./shapes.ts";
export { TASK, TASK_STATE, type Task, type TaskState } from "./task.ts";
export { type Barrier, DYNAMIC_ID, type DynamicId, UPDATES, type Updates } from "./updates.ts";
export { variant } from "./variant.ts";
export { type DeviceNumber, VBD, VBD_STATE, type Vbd, type VbdState } from "./vbd.ts";
export { upgradePciInfo, VGPU, VGPU_STATE, type Vgpu, type VgpuState } from "./vgpu.ts";
export { VIF, VIF_STATE, type Vif, type VifState } from "./vif.ts";
export {
  type Action,
  BUILDER_INFO,
  type BuilderInfo,
  DISK,
  type Disk,
  HVM_INFO,
  type HvmInfo,
  PV_INFO,
  type PvInfo,
  VM,
  type Vm,
} from "./vm.ts";
export {
  HALTED,
  POWER_STATE,
  type PowerState,
  VM_CONSOLE,
  VM_STATE,
  type VmState,
} from "./vm_state.ts";
export { VUSB, VUSB_STATE, type Vusb, type VusbState } from "./vusb.ts";
export { readXmlRequest, writeXmlFailure, writeXmlResult } from "./xml_request.ts";
export { XmlError } from "./xml_scanner.ts";
