/**
 * What a fault cannot be combined with, and why.
 *
 * @module
 */
import { type Constraint, constraint } from "../../axis.ts";
import { faultNamed } from "../../faults/mod.ts";

const ONE_DISTURBANCE = constraint({
  name: "one-disturbance",
  reason:
    "Memory that does not suit the pool, or the image, is a disturbance of its own; one run has " +
    "one, so that what comes of it can be told",
  over: ["fault", "writer.image", "reader.image", "placement"],
  allows(factors) {
    const { fault, placement } = factors;
    const usual = factors["writer.image"] === "usual" && factors["reader.image"] === "usual";
    return faultNamed(fault) === undefined || (usual && placement === "whole");
  },
});

const FAULT_HAS_ITS_PLACE = constraint({
  name: "fault-has-its-place",
  reason: "A fault can only strike a machine that has what it strikes (harness/faults, devices)",
  over: ["fault", "devices"],
  allows: ({ fault, devices }) => faultNamed(fault)?.devices?.includes(devices) ?? true,
});

const POOL_TO_CHANGE = constraint({
  name: "pool-to-change",
  reason: "The host can only change the ranges of a pool that the machine has on both sides",
  over: ["fault", "writer.pool", "reader.pool"],
  allows(factors) {
    if (faultNamed(factors.fault)?.place !== "pool") return true;
    return factors["writer.pool"] === "privatepool" && factors["reader.pool"] === "privatepool";
  },
});

export const FAULT_CONSTRAINTS: readonly Constraint[] = [
  ONE_DISTURBANCE,
  FAULT_HAS_ITS_PLACE,
  POOL_TO_CHANGE,
];
