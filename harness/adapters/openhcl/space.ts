/**
 * The matrix of OpenHCL servicing: releases, axes, what cannot happen, and small parts of a plan.
 * It does not say what a release does with a value.
 *
 * @module
 */
import { SAVE_POINTS } from "../../../src/openhcl/mod.ts";
import type { Inputs, Space } from "../../axis.ts";
import { AXES } from "./axes.ts";
import { ODD_IDS, ODD_PROTOCOLS, UNUSUAL_MEMORY } from "./axis_values.ts";
import { CONSTRAINTS, PAST_CONSTRAINTS } from "./constraints.ts";
import { RELEASES } from "./releases.ts";

const USUAL: Inputs = {
  host: "host",
  pool: "privatepool",
  image: "usual",
  bus: "newest",
  mana: "mana-as-nvme",
};
const NO_HOST: Inputs = { ...USUAL, host: "nohost" };
const BIGGER: Inputs = { ...USUAL, image: "bigger" };
const CAPPED: Inputs = { ...USUAL, bus: "iron" };
const ONLY_NVME: Inputs = { ...USUAL, mana: "mana-off" };
const ONLY_MANA: Inputs = { ...NO_HOST, mana: "mana-on" };

export const openhclSpace: Space = {
  implementation: "openhcl",
  releases: RELEASES,
  configurations: [
    USUAL,
    NO_HOST,
    { ...NO_HOST, pool: "noprivatepool" },
    BIGGER,
    CAPPED,
    ONLY_NVME,
    ONLY_MANA,
  ],
  axes: AXES,
  constraints: CONSTRAINTS,
  pastConstraints: PAST_CONSTRAINTS,
  slices: [
    { name: "lifetimes", values: { lifetime: ["Ephemeral"], devices: ["none", "nvme"] } },
    {
      name: "ids",
      values: {
        ids: ["reversed", ...ODD_IDS],
        devices: ["nvme+mana"],
        request: ["nvme+mana"],
      },
    },
    {
      name: "processors",
      values: {
        fault: ["processors:fewer:between", "processors:more:between"],
        devices: ["nvme"],
        request: ["none", "nvme"],
      },
    },
    {
      name: "protocols",
      values: {
        protocol: ODD_PROTOCOLS,
        devices: ["nvme", "relay"],
        request: ["none"],
      },
    },
    {
      name: "memory",
      values: {
        placement: UNUSUAL_MEMORY,
        devices: ["nvme+mana"],
        request: ["nvme+mana"],
      },
    },
    {
      name: "scarce-memory",
      values: { placement: ["scarce"], devices: ["nvme+mana"], request: ["mana"] },
    },
    {
      name: "images",
      values: {
        placement: ["roomy"],
        devices: ["nvme+mana"],
        request: ["none", "mana", "nvme+mana"],
      },
      between: [
        [USUAL, BIGGER],
        [BIGGER, USUAL],
      ],
    },
    {
      name: "caps",
      values: { devices: ["none", "relay"], request: ["none"] },
      between: [
        [USUAL, CAPPED],
        [CAPPED, USUAL],
      ],
    },
    {
      name: "options",
      values: { devices: ["nvme+mana"], request: ["nvme", "mana", "nvme+mana"] },
      between: [
        [ONLY_NVME, ONLY_NVME],
        [ONLY_MANA, ONLY_MANA],
        [USUAL, ONLY_NVME],
        [ONLY_MANA, USUAL],
      ],
    },
    {
      name: "arrivals",
      values: { fault: ["commands:done:restore"], devices: ["nvme"], request: ["nvme"] },
      between: [
        [USUAL, USUAL],
        [USUAL, NO_HOST],
      ],
    },
    {
      name: "long-flights",
      hops: 3,
      values: { flight: ["chain"], devices: ["nvme"], request: ["none", "nvme"] },
    },
    {
      name: "lost-queues",
      values: {
        fault: ["queue:unsavable:save"],
        point: SAVE_POINTS,
        devices: ["nvme"],
        request: ["nvme"],
      },
    },
    {
      name: "lost-queues-of-old-guests",
      values: {
        fault: ["queue:unsavable:save"],
        point: ["channel-change:sent", "connection-change:sent"],
        protocol: ["guest-win10"],
        devices: ["nvme"],
        request: ["nvme"],
      },
    },
  ],
};
