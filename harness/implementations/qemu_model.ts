/**
 * The design of QEMU's migration, as a model with legacy and described streams.
 *
 * @module
 */
import { KNOWN } from "../../suites/known/qemu_model.ts";
import { DESIGN_SUITES } from "../../suites/mod.ts";
import { qemuModelAdapter, qemuModelSpace } from "../adapters/qemu_model/mod.ts";
import type { Implementation } from "../cli/product.ts";

export const qemuModel: Implementation = {
  adapter: qemuModelAdapter,
  space: qemuModelSpace,
  suites: DESIGN_SUITES,
  oracles: [],
  expectations: KNOWN,
  codec: "qemu-model",
  recordings: {},
  correlationIdOf: () => undefined,
};
