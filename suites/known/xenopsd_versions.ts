/**
 * What breaks between releases of xenopsd. Nobody writes for an older reader, so that what is
 * newer is refused or lost without a word on the way back; forward, a VM that was suspended before
 * 2018 is said to be halted.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const SOURCE = "https://github.com/xapi-project/xen-api/blob/master/ocaml";
const IMAGES = `${SOURCE}/xenopsd/lib/suspend_image.ml`;
const RECORDS = `${SOURCE}/xenopsd/xc/xenops_server_xen.ml`;
const TYPES = `${SOURCE}/xapi-idl/xen/xenops_types.ml`;

/** Releases with a runtime record in two parts, and those with one. */
const SPLIT = ["2013", "2017"];
const WHOLE = ["lima", "naples", "2022", "2023", "2026"];
const UNITS = ["2017", ...WHOLE];
/** Releases with virtual TPMs, and those that have their state in base64. */
const TPM = ["2022", "2023", "2026"];
const BASE64 = ["2023", "2026"];

/** Guests of kinds that every release has. */
const OLD_KINDS = ["bios", "uefi-tpm", "pv"];
/** Those that have no unit in their image but what every reader knows. */
const PLAIN = ["bios", "pv"];

/** Claims about a VM that has come; a refusal is judged by a claim of its own. */
const ARRIVED = [
  "xenopsd-versions/guest/*",
  "xenopsd-versions/client/*",
  "xenopsd-versions/devices/*",
  "xenopsd-versions/power/*",
];
const CONFIGURATION = ["xenopsd-versions/client/finds-its-configuration"];
const REFUSAL = ["xenopsd-versions/refusal/is-clean"];
const POWER = ["xenopsd-versions/power/is-told-at-once"];

const REFUSED: readonly Expectation[] = [
  {
    name: "kind-of-guest-unknown",
    factors: { writer: WHOLE, reader: SPLIT, guest: "pv-in-pvh" },
    scenarios: ARRIVED,
    verdict: "refused",
    reason: "Cannot decode ty as a builder_info: current value is PVinPVH",
    link: TYPES,
    note: "A new constructor is an error for an older peer, and metadata has no other form.",
  },
  {
    name: "part-of-record-missing",
    factors: {
      writer: WHOLE,
      reader: SPLIT,
      guest: OLD_KINDS,
      way: ["restart", "restart-suspended"],
    },
    scenarios: ARRIVED,
    verdict: "refused",
    reason: "Cannot decode non_persistent as a record: current value is absent",
    link: RECORDS,
    note: "Files of 2018 and later lack a part that earlier readers demand.",
  },
  {
    name: "signature-unknown",
    factors: { writer: UNITS, reader: "2013", guest: OLD_KINDS, way: "image" },
    scenarios: ARRIVED,
    verdict: "refused",
    reason: "Cannot decode signature at offset 0: must be XenSavedDomain",
    link: IMAGES,
    note: "Images of units are refused by readers of before there were any.",
  },
  {
    name: "signature-unknown-on-the-same-host",
    factors: { writer: "2017", reader: "2013", guest: PLAIN, way: "restart-suspended" },
    scenarios: ARRIVED,
    verdict: "refused",
    reason: "Cannot decode signature at offset 0: must be XenSavedDomain",
    link: IMAGES,
    note: "There were no units yet: xenopsd is taken back while the VM is suspended.",
  },
  {
    name: "unit-of-firmware-unknown",
    factors: { writer: TPM, reader: ["2017", "lima"], guest: "uefi-tpm", way: "image" },
    scenarios: ARRIVED,
    verdict: "refused",
    reason: "must be one that the reader knows: is 0xf11",
    link: IMAGES,
    note: "An unknown unit is an Invalid_header_type; there is no down-converter.",
  },
  {
    name: "unit-of-firmware-unknown-on-the-same-host",
    factors: { writer: TPM, reader: "lima", guest: "uefi-tpm", way: "restart-suspended" },
    scenarios: ARRIVED,
    verdict: "refused",
    reason: "must be one that the reader knows: is 0xf11",
    link: IMAGES,
    note: "The unit is unknown: xenopsd is taken back while the VM is suspended.",
  },
  {
    name: "unit-of-tpm-unknown",
    factors: {
      writer: "2022",
      reader: "naples",
      guest: "uefi-tpm",
      way: ["image", "restart-suspended"],
    },
    scenarios: ARRIVED,
    verdict: "refused",
    reason: "must be one that the reader knows: is 0xf12",
    link: IMAGES,
    note: "Virtual TPMs came in 2022.",
  },
  {
    name: "unit-of-tpm-in-base64-unknown",
    factors: {
      writer: BASE64,
      reader: ["naples", "2022"],
      guest: "uefi-tpm",
      way: ["image", "restart-suspended"],
    },
    scenarios: ARRIVED,
    verdict: "refused",
    reason: "must be one that the reader knows: is 0xf13",
    link: IMAGES,
    note: "Since 2023-06 the state of a TPM is in base64, in a unit of another number.",
  },
];

/** What a live migration to an older release comes to, and that nobody says so in a refusal. */
function unmigrated(
  entry: Pick<Expectation, "name" | "verdict" | "reason" | "note"> & {
    readonly factors: Record<string, string | readonly string[]>;
  },
): readonly Expectation[] {
  const factors = { ...entry.factors, way: "migrate" };
  const link = `${SOURCE}/xenopsd/lib/xenops_server.ml`;
  const untold = `${entry.name}-is-not-told`;
  return [
    { ...entry, factors, link, scenarios: ARRIVED },
    { ...entry, name: untold, factors, link, scenarios: REFUSAL, verdict: "failed" },
  ];
}

const UNMIGRATED: readonly Expectation[] = [
  ...unmigrated({
    name: "no-place-for-memory",
    factors: { writer: TPM, reader: ["2017", "lima", "naples"], guest: OLD_KINDS },
    verdict: "refused",
    reason: "Failed_to_contact_remote_service",
    note: "Memory has had its own connection since 2022; older ones without it are inferred.",
  }),
  ...unmigrated({
    name: "no-place-for-memory-of-pv-in-pvh",
    factors: { writer: TPM, reader: ["lima", "naples"], guest: "pv-in-pvh" },
    verdict: "refused",
    reason: "Failed_to_contact_remote_service",
    note: "Memory has had its own connection since 2022, for guests of all kinds.",
  }),
  ...unmigrated({
    name: "goes-by-another-id",
    factors: { writer: ["lima", "naples"], reader: "2017", guest: PLAIN },
    verdict: "crashed",
    reason: "the VM goes by another id",
    note: "A receiver of before 2018 does not hear of the final id, and keeps another.",
  }),
  ...unmigrated({
    name: "runs-nowhere-any-more",
    factors: { writer: BASE64, reader: "2022", guest: "uefi-tpm" },
    verdict: "crashed",
    reason: "the VM runs nowhere any more",
    note: "The unit of the TPM is read when the source is suspended, and nothing undoes that.",
  }),
];

/** A field that an older release does not have: passed over, and not written any more. */
function lost(
  name: string,
  first: readonly string[],
  until: readonly string[],
  writer = first,
): Expectation {
  return {
    name: `${name.replaceAll(/[._ ]/g, "-")}-is-lost`,
    factors: { first, writer, reader: until },
    scenarios: CONFIGURATION,
    verdict: "failed",
    reason: `${name} was`,
    link: TYPES,
    note: "Keys that a release does not know are passed over without a word.",
  };
}

export const KNOWN: readonly Expectation[] = [
  ...REFUSED,
  ...UNMIGRATED,
  {
    name: "platform-device-changes",
    factors: { first: "lima", writer: WHOLE, reader: "2017", guest: "bios", way: "image" },
    scenarios: ["xenopsd-versions/guest/finds-itself"],
    verdict: "failed",
    reason: "platform device was 1:2 and is 1:1",
    link: RECORDS,
    note: "What an older one does not read, version and profile, told the device's revision.",
  },
  lost("has_vendor_device", ["2017", "lima", "naples"], ["2013"], UNITS),
  lost("generation_id", TPM, ["2013", "2017", "lima", "naples"]),
  lost("on_softreboot", BASE64, ["2022"]),
  lost("disk 0.can_attach_early", ["2026"], ["2023"]),
  {
    name: "suspended-is-said-to-be-halted",
    factors: { writer: SPLIT, reader: WHOLE, way: "restart-suspended" },
    scenarios: POWER,
    verdict: "failed",
    reason: "it was left Suspended and is said to be Halted",
    link: RECORDS,
    note: "The size of its memory was in the part that is gone; it can be resumed.",
  },
  {
    name: "suspended-elsewhere-is-said-to-be-halted",
    factors: { writer: SPLIT, way: "image" },
    scenarios: POWER,
    verdict: "failed",
    reason: "it was left Suspended and is said to be Halted",
    link: RECORDS,
    note: "Metadata only had the persistent part; it can be resumed all the same.",
  },
  {
    name: "suspended-for-an-older-one-is-said-to-be-halted",
    factors: { writer: WHOLE, reader: "2017", guest: PLAIN, way: "image" },
    scenarios: POWER,
    verdict: "failed",
    reason: "it was left Suspended and is said to be Halted",
    link: RECORDS,
    note: "An older one passes over the size of the memory, which it has elsewhere.",
  },
];
