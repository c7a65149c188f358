/**
 * What is known to break in OpenHCL, by factors of the edge that breaks. Where a break has no
 * issue or pull request of its own, the link is the upstream file that makes it.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";
import { ONE_PLACE } from "./at_least.ts";
import { DROPPED_QUEUE } from "./openhcl_dropped_queue.ts";
import { MEMORY } from "./openhcl_memory.ts";
import { POINTS } from "./openhcl_points.ts";
import { PROTOCOL } from "./openhcl_protocol.ts";
import { SECOND_LOOKS } from "./openhcl_second_looks.ts";
import { UNFAIR } from "./openhcl_unfair.ts";

const REPOSITORY = "https://github.com/microsoft/openvmm";
const SOURCE = `${REPOSITORY}/blob/main`;
const SOURCE_2411 = `${REPOSITORY}/blob/release/2411`;
const SOURCE_2505 = `${REPOSITORY}/blob/release/2505`;

const SINCE_2505 = ["2505", "1.7.2511", "1.8.2607", "main"];
const SINCE_2511 = ["1.7.2511", "1.8.2607", "main"];
const SINCE_2607 = ["1.8.2607", "main"];
const UNTIL_2505 = ["2411", "2505"];
const UNTIL_2511 = ["2411", "2505", "1.7.2511"];

/** A writer that keeps devices alive as far as the request says so. */
const KEEPS = { "writer.host": "host", "writer.pool": "privatepool" };
const NVME_ASKED = ["nvme", "nvme+mana"];
const WITH_NVME = ["nvme", "nvme+mana"];
/** Machines with UEFI firmware; the other one has a BIOS. */
const UEFI = ["none", "nvme", "nvme+mana"];

/** Ends of a hop: the guest does not come up at all. */
const REFUSALS: readonly Expectation[] = [
  {
    name: "ephemeral-state-unreadable",
    factors: { lifetime: "Ephemeral", writer: SINCE_2511, reader: UNTIL_2505 },
    verdict: "refused",
    reason: "missing required field",
    link: `${REPOSITORY}/pull/1707`,
    note:
      "Since 1.7 a VM with ephemeral guest state saves no VMGS; older readers demand the arrays " +
      "inside it, so the whole servicing state does not decode. A fix was proposed and closed.",
  },
  {
    name: "ephemeral-boot-panics",
    factors: { lifetime: "Ephemeral", writer: "2505" },
    verdict: "crashed",
    reason: "OpenHCL ephemeral guest state",
    link: `${SOURCE_2505}/openhcl/underhill_core/src/worker.rs`,
    note: "2505 knows ephemeral guest state by name only: every boot with it ends in todo!().",
  },
  {
    name: "ephemeral-restore-panics",
    factors: { lifetime: "Ephemeral", writer: "2411", reader: "2505" },
    verdict: "crashed",
    reason: "OpenHCL ephemeral guest state",
    link: `${SOURCE_2505}/openhcl/underhill_core/src/worker.rs`,
    note: "State of 2411, which ignores the setting, decodes; then the same todo!() is reached.",
  },
  {
    name: "nvme-keepalive-without-pool",
    factors: {
      ...KEEPS,
      lifetime: "Default",
      writer: SINCE_2505,
      reader: SINCE_2505,
      "reader.pool": "noprivatepool",
      request: NVME_ASKED,
    },
    verdict: "refused",
    reason: "saved state for private pool but no private pool",
    link: `${SOURCE}/openhcl/openhcl_dma_manager/src/lib.rs`,
    note:
      "With keepalive the private pool is saved, devices or not; a reader without a pool refuses " +
      "to boot in place of dropping it.",
  },
  {
    name: "mana-alone-without-pool",
    factors: {
      lifetime: "Default",
      writer: SINCE_2511,
      "writer.mana": "mana-on",
      reader: "2505",
      "reader.pool": "noprivatepool",
      request: ["mana", "nvme+mana"],
      devices: "nvme+mana",
    },
    verdict: "refused",
    reason: "saved state for private pool but no private pool",
    link: `${SOURCE}/openhcl/openhcl_dma_manager/src/lib.rs`,
    note: "See mana-keepalive-without-pool; NVMe is not kept alive by the options of the boot.",
    // No part of the plan but random paths goes there.
    mayPass: true,
  },
  {
    name: "mana-keepalive-without-pool",
    factors: {
      ...KEEPS,
      "writer.mana": "mana-as-nvme",
      lifetime: "Default",
      writer: SINCE_2511,
      reader: "2505",
      "reader.pool": "noprivatepool",
      request: "mana",
      devices: "nvme+mana",
    },
    verdict: "refused",
    reason: "saved state for private pool but no private pool",
    link: `${SOURCE}/openhcl/openhcl_dma_manager/src/lib.rs`,
    note:
      "As without a pool for NVMe, for a machine that only keeps MANA alive. Later readers keep " +
      "the pool that the writer had.",
  },
  {
    name: "queue-layout-upgrade",
    factors: {
      ...KEEPS,
      lifetime: "Default",
      writer: "2505",
      reader: SINCE_2511,
      "reader.host": "host",
      "reader.pool": "privatepool",
      request: NVME_ASKED,
      devices: WITH_NVME,
    },
    verdict: "crashed",
    reason: "assertion failed: mem_len >= offset && mem_len - offset >= len",
    link: `${SOURCE}/vm/devices/user_driver/src/memory.rs`,
    note:
      "A queue block of 2505 has 66 pages; newer drivers cut 69 out of it, because the layout is " +
      "no part of the saved state. Read out of the code, not seen on hardware.",
  },
  {
    name: "queue-layout-downgrade",
    factors: {
      ...KEEPS,
      lifetime: "Default",
      writer: SINCE_2511,
      reader: "2505",
      "reader.pool": "privatepool",
      request: NVME_ASKED,
      devices: WITH_NVME,
    },
    verdict: "hung",
    reason: "never completes",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/queue_pair.rs`,
    note:
      "2505 looks for completions at page 1 of the block, where newer releases have the " +
      "submission queue, and waits forever for its first command. Read out of the code, not seen " +
      "on hardware.",
  },
  {
    name: "mana-downgrade",
    factors: {
      ...KEEPS,
      "writer.mana": "mana-as-nvme",
      lifetime: "Default",
      writer: SINCE_2511,
      reader: "2505",
      "reader.pool": "privatepool",
      request: "mana",
      devices: "nvme+mana",
    },
    verdict: "refused",
    reason: "unrestored allocations found",
    link: `${SOURCE}/openhcl/underhill_core/src/servicing.rs`,
    note:
      "2505 does not know mana_state but restores the pool that holds its allocations; nobody " +
      "claims them, and validation fails.",
  },
  {
    name: "mana-alone-downgrade",
    factors: {
      lifetime: "Default",
      writer: SINCE_2511,
      "writer.mana": "mana-on",
      reader: "2505",
      "reader.pool": "privatepool",
      request: ["mana", "nvme+mana"],
      devices: "nvme+mana",
    },
    verdict: "refused",
    reason: "unrestored allocations found",
    link: `${SOURCE}/openhcl/openhcl_dma_manager/src/lib.rs`,
    note: "See mana-downgrade; here NVMe is not kept alive by the options of the boot.",
  },
  {
    name: "one-keepalive-flag-of-two",
    factors: {
      ...KEEPS,
      "writer.mana": "mana-as-nvme",
      writer: SINCE_2511,
      reader: SINCE_2511,
      "reader.pool": "privatepool",
      request: ["nvme", "mana"],
      devices: "nvme+mana",
    },
    verdict: "refused",
    reason: "unrestored allocations found",
    link: `${REPOSITORY}/pull/4458`,
    note:
      "NVMe and MANA are kept alive at boot and the request asks for one of them: the pool is " +
      "saved with the allocations of both, and only one is restored (also pulls 3086 and 4474).",
  },
];

/**
 * A crash is what the principle forbids, so its scenario passes on a refusal. As a refusal ends the
 * path, entries name the first release wherever a later edge could match and is never reached.
 */
const CRASHES: readonly Expectation[] = [
  {
    name: "ephemeral-restore-is-a-crash",
    factors: { lifetime: "Ephemeral", first: "2411", writer: "2411", reader: "2505" },
    scenarios: ["upgrade-principles/restore/does-not-crash"],
    verdict: "failed",
    reason: "OpenHCL ephemeral guest state",
    link: `${SOURCE_2505}/openhcl/underhill_core/src/worker.rs`,
    note: "See ephemeral-restore-panics.",
  },
  {
    name: "ephemeral-boot-is-a-crash",
    factors: { lifetime: "Ephemeral", first: "2505", writer: "2505" },
    scenarios: [
      "upgrade-principles/*",
      "save-failures/*",
      "restore-failures/*",
      "devices-after-failed-save/*",
      "timeouts/*",
      "mana/adapters/do-not-go-with-a-disk",
    ],
    verdict: "crashed",
    reason: "OpenHCL ephemeral guest state",
    link: `${SOURCE_2505}/openhcl/underhill_core/src/worker.rs`,
    note: "See ephemeral-boot-panics; nothing was saved that could be restored.",
  },
  {
    name: "queue-layout-upgrade-is-a-crash",
    factors: {
      ...KEEPS,
      placement: ONE_PLACE,
      lifetime: "Default",
      writer: "2505",
      reader: SINCE_2511,
      "reader.host": "host",
      "reader.pool": "privatepool",
      request: NVME_ASKED,
      devices: WITH_NVME,
    },
    scenarios: ["upgrade-principles/restore/does-not-crash"],
    verdict: "failed",
    reason: "assertion failed",
    link: `${SOURCE}/vm/devices/user_driver/src/memory.rs`,
    note: "See queue-layout-upgrade.",
  },
];

/** Every scenario that looks at a machine after one of these edges sees less than before. */
const LOSSES: readonly Expectation[] = [
  {
    name: "vmgs-origin-dropped",
    factors: { lifetime: "Default", writer: SINCE_2511, reader: UNTIL_2505 },
    scenarios: ["guest-state/vmgs/keeps-its-origin"],
    verdict: "failed",
    reason: "vmgs.reprovisioned is lost",
    link: `${REPOSITORY}/pull/2126`,
    note:
      "The marker that VMGS has been reset exists since 1.7; older releases drop it, and a VM " +
      "with the lifetime Reprovision is reset once more at its next boot.",
  },
  {
    name: "variable-cannot-be-shortened",
    factors: {
      fault: "variable:shortened:after",
      lifetime: "Default",
      writer: SINCE_2505,
      reader: SINCE_2505,
      devices: UEFI,
    },
    scenarios: ["firmware/variables/can-be-shortened"],
    verdict: "failed",
    reason: "out of space",
    link: `${SOURCE}/vm/devices/firmware/hcl_compat_uefi_nvram_storage/src/lib.rs`,
    note:
      "A restore from saved variables leaves the length of their file at 0; the room that a " +
      "change needs is reckoned from it and wraps, until some other change has written the " +
      "file. Read out of main's code, not seen on hardware.",
  },
  {
    name: "variables-of-ignored-lifetime",
    factors: { lifetime: "Ephemeral", writer: "2411", reader: SINCE_2511, devices: UEFI },
    scenarios: ["firmware/variables/are-kept"],
    verdict: "failed",
    reason: "is lost",
    link: `${REPOSITORY}/pull/1556`,
    note:
      "2411 ignores the lifetime, keeps the variables in VMGS and saves none; a release that " +
      "knows it does not open VMGS and begins without variables.",
  },
  {
    name: "crash-registers-not-saved",
    factors: { writer: "2411" },
    scenarios: ["chipset/processors/keep-their-crash-registers"],
    verdict: "failed",
    reason: " crash_p",
    link: `${REPOSITORY}/pull/494`,
    note: "Registers for the crash report are saved since 2505.",
  },
  {
    name: "crash-registers-dropped",
    factors: { writer: SINCE_2505, reader: "2411" },
    scenarios: ["chipset/processors/keep-their-crash-registers"],
    verdict: "failed",
    reason: " crash_p",
    link: `${REPOSITORY}/pull/494`,
    note: "ProcessorSavedState.crash_reg exists since 2505.",
  },
  {
    name: "log-level-zero-after-upgrade",
    factors: {
      writer: UNTIL_2505,
      reader: SINCE_2511,
      devices: UEFI,
    },
    scenarios: ["guest-state/firmware/still-logs"],
    verdict: "failed",
    reason: "the log level is 0x0",
    link: `${SOURCE}/vm/devices/firmware/firmware_uefi/src/service/diagnostics/mod.rs`,
    note: "An absent level reads as 0 and replaces the configured one: the firmware logs nothing.",
  },
  {
    name: "log-level-zero-after-return",
    factors: {
      lifetime: "Default",
      first: SINCE_2511,
      writer: UNTIL_2505,
      reader: SINCE_2511,
      devices: UEFI,
    },
    scenarios: ["guest-state/firmware/keeps-its-log-level"],
    verdict: "failed",
    reason: "is 0x0",
    link: `${SOURCE}/vm/devices/firmware/firmware_uefi/src/service/diagnostics/mod.rs`,
    note: "As in log-level-zero-after-upgrade, for a level that was known before the downgrade.",
  },
  {
    name: "hibernation-token-dropped",
    factors: { lifetime: "Default", first: SINCE_2607, writer: SINCE_2607, reader: UNTIL_2511 },
    scenarios: ["guest-state/hibernation/keeps-its-token"],
    verdict: "failed",
    reason: "hibernate.token is lost",
    link: `${REPOSITORY}/pull/4235`,
    note: "The token has been taken out of VMGS and is saved since 1.8; older readers skip it.",
  },
  {
    name: "packet-filter-dropped",
    factors: { writer: SINCE_2505, reader: "2411", devices: "nvme+mana" },
    scenarios: ["guest-state/network/keeps-its-packet-filter"],
    verdict: "failed",
    reason: ".packet_filter is lost",
    link: `${SOURCE}/vm/devices/net/netvsp/src/saved_state.rs`,
    note: "ReadyPrimary.packet_filter exists since 2505.",
  },
  {
    name: "vf-serial-number-dropped",
    factors: { writer: SINCE_2607, reader: UNTIL_2511, devices: "nvme+mana" },
    scenarios: ["guest-state/network/keeps-the-vf-serial-number"],
    verdict: "failed",
    reason: ".advertised_vf_serial_number is lost",
    link: `${REPOSITORY}/pull/3698`,
    note:
      "ReadyPrimary.advertised_vf_serial_number exists since 1.8. Windows only lets go of a " +
      "function under the number that it was told.",
  },
  {
    name: "adapter-index-not-unique",
    factors: { reader: UNTIL_2511, devices: "nvme+mana" },
    scenarios: ["mana/adapters/have-their-own-index"],
    verdict: "failed",
    reason: "share the index 0",
    link: `${REPOSITORY}/pull/2662`,
    note: "Before 1.8 the adapters of every function are counted from zero.",
  },
  {
    name: "adapter-index-not-saved",
    factors: { writer: UNTIL_2511, reader: SINCE_2607, devices: "nvme+mana" },
    scenarios: ["mana/adapters/keep-their-index"],
    verdict: "failed",
    reason: "was adapter",
    link: `${SOURCE}/openhcl/underhill_core/src/emuplat/netvsp.rs`,
    note: "Adapter indices are saved since 1.8; without them all adapters are numbered anew.",
  },
  {
    name: "adapter-index-dropped",
    factors: { writer: SINCE_2607, reader: UNTIL_2511, devices: "nvme+mana" },
    scenarios: ["mana/adapters/keep-their-index"],
    verdict: "failed",
    reason: "was adapter",
    link: `${SOURCE}/openhcl/underhill_core/src/emuplat/netvsp.rs`,
    note:
      "EmuplatSavedState.network_adapter_index exists since 1.8; older readers skip it and " +
      "count the adapters of every function from zero.",
  },
  {
    name: "pending-messages-not-saved",
    factors: { point: "answers:pending", writer: "2411" },
    scenarios: ["vmbus-relay/messages/pending-are-delivered-once"],
    verdict: "failed",
    reason: "pending were",
    link: `${REPOSITORY}/pull/956`,
    note: "2411 saves no message that waits because the guest's slot is full.",
  },
  {
    name: "pending-messages-dropped",
    factors: { point: "answers:pending", writer: SINCE_2505, reader: "2411" },
    scenarios: ["vmbus-relay/messages/pending-are-delivered-once"],
    verdict: "failed",
    reason: "pending were",
    link: `${REPOSITORY}/pull/956`,
    note:
      "SavedState.pending_messages of the VMBus server exists since 2505. For the sake of 2411, " +
      "OpenHCL sends what it can while it is stopped; what the guest's slot does not take is lost.",
  },
  {
    name: "queued-messages-not-saved",
    factors: { point: "answers:pending", writer: "2411" },
    scenarios: ["chipset/processors/keep-messages-that-wait"],
    verdict: "failed",
    reason: " sint2 was",
    link: `${SOURCE}/openhcl/virt_mshv_vtl/src/processor/mshv/x64.rs`,
    note: "Message queues of a processor are saved since 2505.",
  },
  {
    name: "queued-messages-dropped",
    factors: { point: "answers:pending", writer: SINCE_2505, reader: "2411" },
    scenarios: ["chipset/processors/keep-messages-that-wait"],
    verdict: "failed",
    reason: " sint2 was",
    link: `${SOURCE}/openhcl/virt_mshv_vtl/src/processor/mshv/x64.rs`,
    note: "ProcessorSavedState.per_vtl exists since 2505; 2411 skips it.",
  },
  {
    name: "ephemeral-state-ignored",
    factors: { lifetime: "Ephemeral", writer: "2411" },
    scenarios: ["guest-state/vmgs/ephemeral-has-none"],
    verdict: "failed",
    reason: "VMGS came from disk at the first boot",
    link: `${SOURCE_2411}/openhcl/underhill_core/src/worker.rs`,
    note: "2411 does not know the lifetime of guest state and always opens VMGS.",
  },
  {
    name: "identify-after-keepalive",
    factors: {
      ...KEEPS,
      writer: "2505",
      reader: "2505",
      "reader.host": "host",
      "reader.pool": "privatepool",
      devices: WITH_NVME,
      request: NVME_ASKED,
    },
    scenarios: ["nvme-keepalive/restore/sends-no-identify"],
    verdict: "failed",
    reason: "received IDENTIFY",
    link: `${REPOSITORY}/issues/997`,
    note: "2505 saves no namespaces and identifies each one again after restore.",
  },
  {
    name: "fatal-identify-after-keepalive",
    factors: { writer: "2505", reader: "2505", fault: "identify:panic:restore" },
    scenarios: ["nvme-faults/*"],
    verdict: "hung",
    reason: "admin command IDENTIFY never completes",
    link: `${REPOSITORY}/issues/997`,
    note: "See identify-after-keepalive: 2505 asks what a kept controller need not be asked.",
  },
  {
    name: "other-size-after-keepalive",
    factors: { writer: "2505", reader: "2505", fault: "identify:payload:restore" },
    scenarios: ["nvme-faults/*"],
    verdict: "failed",
    reason: "namespaces were ",
    link: `${REPOSITORY}/pull/2243`,
    note: "See identify-after-keepalive: what 2505 is told anew is what it believes.",
  },
  {
    name: "second-aer-after-keepalive",
    factors: {
      ...KEEPS,
      writer: "2505",
      reader: "2505",
      "reader.host": "host",
      "reader.pool": "privatepool",
      devices: WITH_NVME,
      request: NVME_ASKED,
    },
    scenarios: ["nvme-keepalive/restore/sends-no-second-aer"],
    verdict: "failed",
    reason: "received ASYNCHRONOUS_EVENT_REQUEST",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs`,
    note: "2505 saves no state of event requests and sends another one after restore.",
  },
  {
    name: "new-commands-overtake-old",
    factors: {
      ...KEEPS,
      writer: "2505",
      reader: "2505",
      "reader.host": "host",
      "reader.pool": "privatepool",
      devices: WITH_NVME,
      request: NVME_ASKED,
      // Where memory is scarce, processors share queues, and nobody can overtake.
      placement: ["whole", "roomy", "numa", "fragmented"],
    },
    scenarios: ["nvme-keepalive/commands/new-wait-for-old"],
    verdict: "failed",
    reason: "new commands overtook old ones",
    link: `${REPOSITORY}/pull/2833`,
    note: "Each queue of 2505 drains on its own, so that others take new commands meanwhile.",
  },
];

/** Breaks that need something to go wrong first. */
const FAULTS: readonly Expectation[] = [
  {
    name: "nvme-save-error-is-silent",
    factors: {
      ...KEEPS,
      fault: "nvme:unsavable:save",
      writer: SINCE_2505,
      reader: SINCE_2505,
      "reader.pool": "privatepool",
    },
    scenarios: ["save-failures/nvme-failure/*"],
    verdict: "refused",
    reason: "unrestored allocations found",
    link: `${SOURCE}/openhcl/underhill_core/src/nvme_manager/manager.rs`,
    note:
      "A driver that cannot be saved becomes no NVMe state at all, while the pool is saved with " +
      "its allocations: the save succeeds, and the other side does not boot.",
  },
  {
    name: "late-failure-loses-nvme",
    factors: { fault: "servicing:fail:save", devices: "nvme" },
    scenarios: ["save-failures/late-failure/namespaces-stay"],
    verdict: "failed",
    reason: "namespaces, has 0",
    link: `${SOURCE}/openhcl/underhill_core/src/dispatch/mod.rs`,
    note:
      "A save takes the NVMe manager and shuts it down; when servicing fails after that, only " +
      "the VM's units and the VMBus client start again.",
  },
  {
    name: "late-failure-loses-adapters",
    factors: { fault: "servicing:fail:save", devices: "nvme+mana" },
    scenarios: ["devices-after-failed-save/late-failure/adapters-stay"],
    verdict: "failed",
    reason: "is gone",
    link: `${SOURCE}/openhcl/underhill_core/src/dispatch/mod.rs`,
    note: "Network devices are unloaded before servicing fails, and nothing loads them again.",
  },
  {
    name: "failed-vmgs-leaves-no-adapters",
    factors: {
      ...KEEPS,
      "writer.mana": "mana-as-nvme",
      fault: "vmgs:unsavable:save",
      devices: "nvme+mana",
      lifetime: "Default",
      writer: SINCE_2511,
    },
    scenarios: ["devices-after-failed-save/vmgs-failure/adapters-stay"],
    verdict: "failed",
    reason: "is gone",
    link: `${SOURCE}/openhcl/underhill_core/src/emuplat/netvsp.rs`,
    note:
      "With keepalive a network device has no driver once it has been saved; when VMGS, which " +
      "comes after it, cannot be saved, nobody starts one again.",
  },
  {
    name: "late-failure-stops-the-client",
    factors: { fault: "servicing:fail:save", devices: "relay", writer: SINCE_2505 },
    scenarios: ["devices-after-failed-save/late-failure/host-is-heard"],
    verdict: "failed",
    reason: "the VMBus client is stopped",
    link: `${SOURCE}/openhcl/underhill_core/src/dispatch/mod.rs`,
    note:
      "Drivers are only resumed after errors up to the shutdown of devices, and the failure that " +
      "the test hook makes comes after that.",
  },
  {
    name: "failed-unit-leaves-disks-dead",
    factors: { ...KEEPS, fault: "unit:unsavable:save", devices: "nvme", writer: SINCE_2505 },
    scenarios: ["devices-after-failed-save/unit-failure/disks-work"],
    verdict: "failed",
    reason: "takes no I/O",
    link: `${SOURCE}/openhcl/underhill_core/src/dispatch/mod.rs`,
    note:
      "With keepalive a driver stops for good when it has been saved; a later step that fails " +
      "resumes the VMBus client and no other driver (BUGBUG in resume_drivers).",
  },
  {
    name: "stuck-save-has-no-watchdog",
    factors: { fault: "servicing:stuck:save" },
    scenarios: ["timeouts/stuck-save/*"],
    verdict: "hung",
    reason: "SERVICING_SAVE_STUCK",
    link: `${SOURCE}/openhcl/underhill_core/src/dispatch/mod.rs`,
    note: "The test hook waits before the watchdog is started, so that only the host can end it.",
  },
  {
    name: "slow-save-is-killed",
    factors: { fault: "units:slow:save", writer: SINCE_2511 },
    scenarios: ["timeouts/slow-save/*"],
    verdict: "crashed",
    reason: "servicing operation timed out",
    link: `${SOURCE}/openhcl/underhill_core/src/dispatch/mod.rs`,
    note: "Since 1.7 a watchdog panics shortly before the deadline, to leave time for a dump.",
  },
];

export const KNOWN: readonly Expectation[] = [
  ...REFUSALS,
  ...CRASHES,
  ...LOSSES,
  ...FAULTS,
  ...SECOND_LOOKS,
  ...MEMORY,
  ...POINTS,
  ...PROTOCOL,
  ...UNFAIR,
  ...DROPPED_QUEUE,
];
