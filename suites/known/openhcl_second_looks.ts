/**
 * What is known to break in OpenHCL for somebody who tries again: restores once more, saves once
 * more, goes back, or takes a detour.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";
import { atLeast, ONE_PLACE } from "./at_least.ts";

const REPOSITORY = "https://github.com/microsoft/openvmm";
const SOURCE = `${REPOSITORY}/blob/main`;
const SOURCE_2505 = `${REPOSITORY}/blob/release/2505`;

const SINCE_2505 = ["2505", "1.7.2511", "1.8.2607", "main"];
const SINCE_2511 = ["1.7.2511", "1.8.2607", "main"];
const SINCE_2607 = ["1.8.2607", "main"];

/** A writer that keeps devices alive as far as the request says so. */
const KEEPS = { "writer.host": "host", "writer.pool": "privatepool" };
const NVME_ASKED = ["nvme", "nvme+mana"];
const WITH_NVME = ["nvme", "nvme+mana"];
const KEPT_ON_2505 = {
  ...KEEPS,
  lifetime: "Default",
  reader: "2505",
  "reader.pool": "privatepool",
};

/** Nothing that ends a path or hides a break: usual partners, and a pool that stays where it is. */
const UNDISTURBED = { fault: "none", point: "idle", protocol: "current", placement: ONE_PLACE };

/** Fields with a value that `reader` skips, and that every state of `writer` has. */
function unknownTo(reader: string, writer: readonly string[]): readonly Expectation[] {
  // Who has come over an older release has lost some of them already.
  const whole = {
    "writer.host": "nohost",
    lifetime: "Default",
    first: writer,
    // It stands for every other request that keeps no device.
    request: "none",
  };
  return atLeast(
    { ...UNDISTURBED, ...whole },
    {
      name: `fields-unknown-to-${reader.replaceAll(".", "-")}`,
      factors: { writer, reader },
      scenarios: ["oracle/unknown-fields-kept"],
      verdict: "failed",
      reason: `${reader} loses `,
      link: `${SOURCE}/support/mesh/mesh_protobuf/src/encoding.rs`,
      note:
        "A reader skips fields that it does not know, and what it saves has them no more: a " +
        "detour over an older release loses them. The reason lists those that had a value.",
    },
  );
}

/** What shows only to somebody who tries again: on a copy, or on the way back. */
export const SECOND_LOOKS: readonly Expectation[] = [
  // To 2505 both requests are the same, and one of them is looked at.
  ...atLeast(
    { ...UNDISTURBED, request: "nvme" },
    {
      name: "second-save-hangs",
      factors: {
        ...KEPT_ON_2505,
        writer: "2505",
        "reader.host": "host",
        devices: WITH_NVME,
        request: NVME_ASKED,
      },
      scenarios: ["oracle/saves-again"],
      verdict: "failed",
      reason: "does not hear the save",
      link: `${REPOSITORY}/pull/2736`,
      note:
        "A queue of 2505 that drains what was in flight polls for completions only; a save that " +
        "comes meanwhile waits for as long as the disk does (also pull 2753).",
    },
  ),
  ...["nvme", "nvme+mana"].flatMap((devices) =>
    atLeast(UNDISTURBED, {
      name: `no-way-back-with-${devices.replace("+", "-")}`,
      // Where one flag of two is set, the writer itself could not read the state.
      factors: {
        ...KEPT_ON_2505,
        writer: SINCE_2511,
        devices,
        request: devices === "nvme" ? NVME_ASKED : "nvme+mana",
      },
      scenarios: ["oracle/all-or-nothing"],
      verdict: "failed",
      reason: "completion for unknown cid: qid=0",
      link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/queue_pair.rs`,
      note:
        "See queue-layout-downgrade: before 2505 hangs it has sent admin commands to the live " +
        "controller. Who comes back from the same state finds their completions, which are " +
        "none of its own, and panics.",
    }),
  ),
  ...atLeast(UNDISTURBED, {
    name: "no-way-back-with-nvme-alone",
    factors: {
      ...KEPT_ON_2505,
      writer: SINCE_2511,
      "writer.mana": "mana-off",
      devices: "nvme+mana",
      request: "nvme",
    },
    scenarios: ["oracle/all-or-nothing"],
    verdict: "failed",
    reason: "completion for unknown cid: qid=0",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/queue_pair.rs`,
    note: "See no-way-back-with-nvme; MANA is not kept alive by the options of the boot.",
  }),
  ...atLeast(UNDISTURBED, {
    name: "no-way-back-with-mana-alone",
    factors: {
      lifetime: "Default",
      writer: SINCE_2511,
      "writer.mana": "mana-on",
      reader: "2505",
      "reader.pool": "privatepool",
      devices: "nvme+mana",
      request: ["mana", "nvme+mana"],
    },
    scenarios: ["oracle/all-or-nothing"],
    verdict: "failed",
    reason: "HWC request failed",
    link: `${SOURCE_2505}/openhcl/underhill_core/src/worker.rs`,
    note:
      "See mana-alone-downgrade: before 2505 refuses it has reset the network device and set it " +
      "up anew. Who comes back from the same state finds nobody at its hardware channel. Read " +
      "out of the code, not seen on hardware.",
  }),
  ...unknownTo("2411", SINCE_2505),
  ...unknownTo("2505", SINCE_2511),
  ...unknownTo("1.7.2511", SINCE_2607),
  ...atLeast(
    { lifetime: "Default", point: "idle", placement: ONE_PLACE },
    {
      name: "late-failure-takes-disks",
      factors: { fault: ["servicing:fail:save", "pci:held:save"], devices: WITH_NVME },
      scenarios: ["oracle/all-or-nothing"],
      verdict: "failed",
      reason: "is gone",
      link: `${SOURCE}/openhcl/underhill_core/src/dispatch/mod.rs`,
      note: "See late-failure-loses-nvme; not every release boots with what is left out here.",
    },
  ),
];
