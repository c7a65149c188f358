/**
 * How a machine should migrate: the design that QEMU's wiki asks for
 * (Features/Migration/Next), as a library.
 *
 * What a device holds is told once, to a {@linkcode Visitor}; octets, trees and text are visitors.
 * Transformations make the state of one release into that of another, and know nothing of how it
 * is carried; transports know nothing of devices. Capabilities say what both ends can.
 *
 * @module
 */
export {
  CAPABILITIES,
  type Capability,
  CapabilitySet,
  type End,
  negotiate,
} from "./capabilities.ts";
export { deliver, sentBy } from "./courier.ts";
export {
  DEVICES_MAX,
  type DescribedDevice,
  isDescribed,
  readDescribed,
  writeDescribed,
} from "./described_transport.ts";
export type { AnyDevice, Device, Form, Revision } from "./device.ts";
export { formOf } from "./device.ts";
export { TransformError, VisitError } from "./error.ts";
export { Filters } from "./filters.ts";
export { JsonLoader, JsonSaver } from "./json_visitors.ts";
export { type LegacySection, readLegacy, SECTIONS_MAX, writeLegacy } from "./legacy_transport.ts";
export { Machine, type Make, stateOfTree, treeOfState } from "./machine.ts";
export { ObjectLoader, ObjectSaver } from "./object_visitors.ts";
export {
  type Compat,
  DEVICES,
  deviceOf,
  hasType,
  MACHINE_TYPES,
  type MachineType,
  machineTypeOf,
  RELEASES,
  type Release,
  releaseOf,
  revisionOf,
} from "./release.ts";
export { seenOf } from "./seen.ts";
export { referenceSteps } from "./steps.ts";
export { StreamLoader, StreamSaver } from "./stream_visitors.ts";
export {
  SHAPES_MAX,
  type Shape,
  type States,
  type Step,
  Transformations,
  type Transformed,
} from "./transform.ts";
export { isTree, type Tree, type Value } from "./tree.ts";
export { DEPTH_MAX, ITEMS_MAX, type Subsection, Visitor } from "./visitor.ts";
export { putToWork } from "./work.ts";
