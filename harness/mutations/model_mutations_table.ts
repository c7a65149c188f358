/**
 * Mutations of the models: memory, NVMe, MANA and the servicing of OpenHCL.
 *
 * @module
 */
import type { Mutation } from "./mutation.ts";

const BOTH_KEPT =
  "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme+mana request=nvme+mana";

const NVME_KEPT =
  "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme request=nvme";

const LONG_FLIGHT =
  "openhcl@main[host,privatepool]>main[host,privatepool]>main[host,privatepool] " +
  "devices=nvme request=nvme flight=chain";

const NVME_RESET =
  "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme request=none";

const PLAIN =
  "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=none request=none";

export const MODEL_MUTATIONS: readonly Mutation[] = [
  // Pools of pages.
  {
    name: "pages-go-to-any-device",
    file: "src/memory/page_pool.ts",
    find:
      'if (slot.state.kind !== "pending" || slot.state.deviceName !== device.name) ' + "continue;",
    replace: 'if (slot.state.kind !== "pending") continue;',
    scenario: "mana/keepalive/takes-over",
    condition: BOTH_KEPT,
  },
  {
    name: "unclaimed-pages-are-no-error",
    file: "src/memory/page_pool.ts",
    find: "if (unrestored && !leakUnrestored) throw",
    replace: "if (unrestored && leakUnrestored) throw",
    scenario: "dma-pool/pending/none-after-restore",
    condition:
      "openhcl@main[host,privatepool]>2505[host,privatepool] " + "devices=nvme+mana request=mana",
  },
  {
    name: "unclaimed-pages-are-leaked",
    file: "src/memory/dma_manager.ts",
    find: 'private pool", () =>\n' + "        privatePool.validateRestore(false)",
    replace: 'private pool", () =>\n' + "        privatePool.validateRestore(true)",
    scenario: "dma-pool/pages/none-are-leaked",
    condition:
      "openhcl@main[host,privatepool]>2505[host,privatepool] " + "devices=nvme+mana request=mana",
  },
  {
    name: "pages-in-use-are-allocated",
    file: "src/memory/page_pool.ts",
    find: '(slot) => slot.state.kind === "free" && slot.sizePages >= sizePages',
    replace: "(slot) => slot.sizePages >= sizePages",
    scenario: "nvme-keepalive/queues/are-the-same",
    condition: NVME_KEPT,
  },
  {
    name: "owner-of-pages-is-not-saved",
    file: "src/memory/pool_slot.ts",
    find: "{ device_id: state.device.name, tag: state.tag }",
    replace: '{ device_id: "", tag: state.tag }',
    scenario: "dma-pool/slots/name-their-owner",
    condition: NVME_KEPT,
  },
  {
    name: "state-of-an-absent-pool-is-ignored",
    file: "src/memory/dma_manager.ts",
    find: "if (pool === null) throw invalidSavedState(",
    replace: "if (pool === null) return;\n" + "  if (pool === null) throw invalidSavedState(",
    scenario: "oracle/keepalive-mismatch",
    condition:
      "openhcl@2505[host,privatepool]>2505[nohost,noprivatepool] " + "devices=nvme request=nvme",
  },
  {
    name: "pool-is-saved-without-keepalive",
    file: "src/openhcl/save_steps.ts",
    find: "if (dma === null || !(isEnabled(modes.nvme) || isEnabled(modes.mana))) return;",
    replace: "if (dma === null) return;",
    scenario: "oracle/keepalive-decision",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme request=none",
  },
  {
    name: "pool-is-not-saved-for-mana-alone",
    file: "src/openhcl/save_steps.ts",
    find: "!(isEnabled(modes.nvme) || isEnabled(modes.mana))",
    replace: "!isEnabled(modes.nvme)",
    scenario: "oracle/keepalive-decision",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme+mana request=mana",
  },

  // The NVMe driver and its manager.
  {
    name: "kept-device-is-reset-at-shutdown",
    file: "src/nvme_driver/driver.ts",
    find: "if (this.#keepalive) return false;",
    replace: "",
    scenario: "nvme-keepalive/controller/is-not-reset",
    condition: NVME_KEPT,
  },
  {
    name: "restored-namespaces-are-identified-again",
    file: "src/nvme_driver/namespaces.ts",
    find: "if (keepsNamespaces && held !== undefined &&",
    replace: "if (!keepsNamespaces && held !== undefined &&",
    scenario: "nvme-keepalive/restore/sends-no-identify",
    condition: NVME_KEPT,
  },
  {
    name: "event-request-in-flight-is-forgotten",
    file: "src/nvme_driver/aer.ts",
    find: "handler.#awaitCid = await_aen_cid;",
    replace: "",
    scenario: "nvme-keepalive/restore/sends-no-second-aer",
    condition: NVME_KEPT,
  },
  {
    name: "commands-in-flight-are-not-saved",
    file: "src/nvme_driver/pending_commands.ts",
    find: "const commands = this.values().map(",
    replace: "const commands = this.values().slice(1).map(",
    scenario: "nvme-keepalive/commands/in-flight-complete",
    condition: NVME_KEPT,
  },
  {
    name: "queues-of-2511-restore-eagerly",
    file: "src/nvme_driver/release_2511.ts",
    find: "restoresLazily: () => true",
    replace: "restoresLazily: () => false",
    scenario: "oracle/lazy-restore",
    condition:
      "openhcl@1.7.2511[host,privatepool]>1.7.2511[host,privatepool] " +
      "devices=nvme request=nvme",
  },
  {
    name: "queues-of-2607-restore-lazily-unasked",
    file: "src/nvme_driver/release_2607.ts",
    find: "worker.allow_lazy_restore === true",
    replace: "worker.qsize > 0",
    scenario: "oracle/lazy-restore",
    condition:
      "openhcl@1.7.2511[host,privatepool]>1.8.2607[host,privatepool] " +
      "devices=nvme request=nvme",
  },
  {
    name: "submission-queue-has-three-pages",
    file: "src/nvme_driver/queue_memory.ts",
    find: "sqPages: 4",
    replace: "sqPages: 3",
    scenario: "oracle/queue-layout",
    condition: NVME_KEPT,
  },
  {
    name: "lost-keepalive-still-attaches",
    file: "src/nvme_driver/release_2511.ts",
    find: 'keepaliveLost: "clears"',
    replace: 'keepaliveLost: "attaches"',
    scenario: "oracle/keepalive-mismatch",
    condition:
      "openhcl@main[host,privatepool]>main[nohost,privatepool] " + "devices=nvme request=nvme",
  },
  {
    name: "cleared-device-keeps-its-pages",
    file: "src/nvme_driver/device.ts",
    find: "() => this.#freePending(controller)",
    replace: "() => {}",
    scenario: "oracle/keepalive-mismatch",
    condition:
      "openhcl@main[host,privatepool]>main[nohost,privatepool] " + "devices=nvme request=nvme",
  },
  {
    name: "failed-nvme-save-loses-nothing",
    file: "src/openhcl/save_steps.ts",
    find: 'const lost = state === null || fault === "nvme-save-error";',
    replace: "const lost = state === null;",
    scenario: "save-failures/nvme-failure/does-not-block-servicing",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=nvme request=nvme fault=nvme:unsavable:save",
  },

  // Keepalive: options and gating.
  {
    name: "nohost-enables-keepalive",
    file: "src/openhcl/release_2607.ts",
    find: '"nohost,privatepool": "DisabledHostAndPrivatePoolPresent"',
    replace: '"nohost,privatepool": "EnabledHostAndPrivatePoolPresent"',
    scenario: "oracle/keepalive-decision",
    condition:
      "openhcl@main[nohost,privatepool]>main[nohost,privatepool] " + "devices=nvme request=nvme",
  },
  {
    name: "clear-flag-does-not-stick",
    file: "src/openhcl/gating.ts",
    find: "return { inForce: kept, kept };",
    replace: "return { inForce: kept, kept: modes };",
    scenario: "oracle/sticky-keepalive",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=servicing:fail:save",
  },
  {
    name: "nvme-flag-is-ignored",
    file: "src/openhcl/gating.ts",
    find: 'flags.enableNvmeKeepalive ? modes.nvme : "Disabled"',
    replace: "modes.nvme",
    scenario: "oracle/keepalive-decision",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme request=none",
  },
  {
    name: "nvme-flag-decides-on-mana",
    file: "src/openhcl/gating.ts",
    find: 'flags.enableManaKeepalive ? modes.mana : "Disabled"',
    replace: 'flags.enableNvmeKeepalive ? modes.mana : "Disabled"',
    scenario: "oracle/keepalive-decision",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=nvme+mana request=mana",
  },

  // Saving.
  {
    name: "units-are-saved-before-nvme",
    file: "src/openhcl/release_2511.ts",
    find: "    SAVE_NVME_MANAGER,\n" + "    SAVE_UNITS,\n" + "    SAVE_MANA,",
    replace: "    SAVE_UNITS,\n" + "    SAVE_NVME_MANAGER,\n" + "    SAVE_MANA,",
    scenario: "oracle/spans-complete",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=nvme request=nvme fault=servicing:fail:save",
  },
  {
    name: "correlation-id-is-not-saved",
    file: "src/openhcl/servicing_save.ts",
    find: "init_state: { ...state.init_state, correlation_id } };",
    replace: "init_state: { ...state.init_state, correlation_id: null } };",
    scenario: "oracle/correlation-id-kept",
    condition: PLAIN,
  },
  {
    name: "flush-result-is-not-saved",
    file: "src/openhcl/servicing_save.ts",
    find: "return { ...state, init_state: { ...state.init_state, flush_logs_result } };",
    replace: "return state;",
    scenario: "servicing-basic/logs/are-flushed-before-restart",
    condition: PLAIN,
  },
  {
    name: "flush-error-is-hidden",
    file: "src/openhcl/flush_logs.ts",
    find: 'error: answers ? null : "deadline exceeded"',
    replace: "error: null",
    scenario: "save-failures/flush-failure/is-reported-after-restart",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=logs:late:save",
  },
  {
    name: "failed-save-starts-a-paused-machine",
    file: "src/openhcl/servicing_save.ts",
    find: "if (running) resume(vm, request.correlationId);",
    replace: "resume(vm, request.correlationId);",
    scenario: "save-failures/paused/stays-paused",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=machine:paused:save",
  },
  {
    name: "failed-save-leaves-the-guest-stopped",
    file: "src/openhcl/servicing_save.ts",
    find: "    if (running) resume(vm, request.correlationId);\n",
    replace: "",
    scenario: "save-failures/unit-failure/guest-runs-on",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=unit:unsavable:save",
  },
  {
    name: "failed-unit-is-left-out",
    file: "src/openhcl/state_units.ts",
    find: '    check("save", errors);\n',
    replace: "",
    scenario: "save-failures/unit-failure/host-is-told",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=unit:unsavable:save",
  },
  {
    name: "isolated-machine-is-serviced",
    file: "src/openhcl/servicing_save.ts",
    find: "if (host.vm.isolated) throw",
    replace: "if (false) throw",
    scenario: "save-failures/isolated/is-refused",
    condition:
      "openhcl@main[nohost,noprivatepool]>main[nohost,noprivatepool] " +
      "devices=none request=none fault=machine:isolated:save",
  },
  {
    name: "watchdog-does-not-bite",
    file: "src/openhcl/deadline.ts",
    find: '      throw new Panic("servicing operation timed out");\n',
    replace: "",
    scenario: "timeouts/slow-save/does-not-cost-the-guest",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=units:slow:save",
  },
  {
    name: "unset-hint-means-twenty-seconds",
    file: "src/openhcl/deadline.ts",
    find: "TIMEOUT_DEFAULT_US = 200_000_000",
    replace: "TIMEOUT_DEFAULT_US = 20_000_000",
    scenario: "timeouts/unset-hint/leaves-time-to-save",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=host:no-timeout:save",
  },
  {
    name: "save-spans-lack-the-correlation-id",
    file: "src/openhcl/servicing_save.ts",
    find: "    env.tracer.correlationId = request.correlationId;\n",
    replace: "",
    scenario: "oracle/spans-complete",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=servicing:fail:save",
  },

  // Restoring.
  {
    name: "unknown-unit-is-dropped",
    file: "src/openhcl/state_units.ts",
    find: 'if (!this.#units.has(name)) errors.push({ name, text: "unknown unit name" });',
    replace: "if (!this.#units.has(name)) continue;",
    scenario: "restore-failures/unknown-unit/is-refused",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=unit:unknown:between",
  },
  {
    name: "second-state-of-a-unit-wins",
    file: "src/openhcl/state_units.ts",
    find: 'else if (byName.has(name)) errors.push({ name, text: "duplicate unit name" });',
    replace: "",
    scenario: "restore-failures/duplicate-unit/is-refused",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=unit:twice:between",
  },
  {
    name: "missing-unit-is-refused",
    file: "src/openhcl/state_units.ts",
    find: '    check("restore", errors);\n' + "    return byName;",
    replace:
      "    for (const name of this.#units.keys()) if (!byName.has(name)) " +
      'errors.push({ name, text: "missing" });\n' +
      '    check("restore", errors);\n' +
      "    return byName;",
    scenario: "restore-failures/missing-unit/does-not-block",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none fault=unit:missing:between",
  },
  {
    name: "units-ignore-their-state",
    file: "src/openhcl/unit_cell.ts",
    find: "      cell.set(state);\n",
    replace: "",
    scenario: "state-units/content/is-kept",
    condition: PLAIN,
  },
  {
    name: "ephemeral-guest-has-a-store",
    file: "src/openhcl/vmgs_opener.ts",
    find: 'inForce === "Ephemeral" ? null : openVmgsAlways',
    replace: 'inForce !== "Default" && false ? null : openVmgsAlways',
    scenario: "guest-state/vmgs/ephemeral-has-none",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool] " +
      "devices=none request=none lifetime=Ephemeral",
  },
  {
    name: "ephemeral-guest-boots-in-2505",
    file: "src/openhcl/vmgs_opener.ts",
    find: '    throw new Panic("not yet implemented: OpenHCL ephemeral guest state");\n',
    replace: "",
    scenario: "oracle/guest-state-lifetime",
    condition:
      "openhcl@2411[host,privatepool]>2505[host,privatepool] " +
      "devices=none request=none lifetime=Ephemeral",
  },
  {
    name: "vmgs-is-opened-again",
    file: "src/openhcl/vmgs_opener.ts",
    find: "saved === null ? openFromDisk(disk) : openFromSaved(disk, saved)",
    replace: "openFromDisk(disk)",
    scenario: "guest-state/vmgs/is-taken-over",
    condition: PLAIN,
  },
  {
    name: "hibernation-token-is-taken-again",
    file: "src/openhcl/boot.ts",
    find: "if (saved !== null) return saved.hibernate?.token ?? null;",
    replace: "",
    scenario: "guest-state/hibernation/keeps-its-token",
    condition: PLAIN,
  },
  {
    name: "restored-time-of-stop-is-lost",
    file: "src/openhcl/servicing_restore.ts",
    find: "  vm.lastStop = state.init_state.vm_stop_reference_time;\n",
    replace: "",
    scenario: "servicing-basic/blackout/is-measured",
    condition: PLAIN,
  },
  {
    name: "time-stands-still-inside-spans",
    file: "src/machine/trace.ts",
    find: "span.endUs = this.#clock.nowUs;",
    replace: "span.endUs = span.startUs - 1;",
    scenario: "servicing-basic/spans/are-nested-in-time",
    condition: PLAIN,
  },

  // MANA.
  {
    name: "saved-adapter-is-reset",
    file: "src/openhcl/network_settings.ts",
    find: "saved.push(device.save());",
    replace: "saved.push(device.save());\n" + "        device.unload(false, this.#env);",
    scenario: "mana/keepalive/does-not-reset",
    condition: BOTH_KEPT,
  },
  {
    name: "adapters-take-the-first-saved-state",
    file: "src/openhcl/network_settings.ts",
    find: "parts.saved?.find(({ pci_id }) => pci_id === pciId)",
    replace: "parts.saved?.[0]",
    scenario: "mana/keepalive/takes-over",
    condition: BOTH_KEPT,
  },
  {
    name: "lost-keepalive-still-attaches-adapters",
    file: "src/openhcl/network_settings.ts",
    find: "if (isEnabled(mode)) {",
    replace: "if (isEnabled(mode) || parts.saved !== null) {",
    scenario: "oracle/keepalive-mismatch",
    condition:
      "openhcl@main[host,privatepool]>main[nohost,privatepool] " +
      "devices=nvme+mana request=nvme+mana",
  },

  // What a device without keepalive must give back, and what must be saved a second time.
  {
    name: "cleared-controller-keeps-its-pages",
    file: "src/nvme_driver/device.ts",
    find: "for (const block of client.attachPendingBuffers()) block.free();",
    replace: "client.attachPendingBuffers();",
    scenario: "oracle/no-allocation-lost",
    condition:
      "openhcl@main[host,privatepool]>main[nohost,privatepool] " +
      "devices=nvme+mana request=nvme+mana",
  },
  {
    name: "cleared-adapter-keeps-its-pages",
    file: "src/openhcl/network_settings.ts",
    find: "for (const block of clients.persistent?.attachPendingBuffers() ?? []) block.free();",
    replace: "clients.persistent?.attachPendingBuffers();",
    scenario: "oracle/no-allocation-lost",
    condition:
      "openhcl@main[host,privatepool]>main[nohost,privatepool] " +
      "devices=nvme+mana request=nvme+mana",
  },
  {
    name: "waiting-queues-are-not-saved-again",
    file: "src/nvme_driver/io_queues_save.ts",
    find: "[...saved, ...queues.waiting.map((proto) => proto.saved)]",
    replace: "saved",
    scenario: "oracle/normal-form",
    condition:
      "openhcl@main[host,privatepool]>main[host,privatepool]>main[host,privatepool] " +
      "devices=nvme request=nvme",
  },

  // The NVMe controller.
  {
    name: "first-completions-have-the-old-phase-tag",
    file: "src/nvme/hardware_queue.ts",
    find: "phase = true;",
    replace: "phase = false;",
    scenario: "nvme-keepalive/driver/takes-over",
    condition: NVME_KEPT,
  },
  {
    name: "doorbells-of-io-queues-are-elsewhere",
    file: "src/nvme/registers.ts",
    find: "(2 * qid + (of",
    replace: "(3 * qid + (of",
    scenario: "nvme-keepalive/commands/in-flight-complete",
    condition: NVME_KEPT,
  },
  {
    name: "completions-name-the-admin-queue",
    file: "src/nvme/command_processor.ts",
    find: "{ dw0, sqhd: sq.head, sqid, cid, status }",
    replace: "{ dw0, sqhd: sq.head, sqid: 0, cid, status }",
    scenario: "nvme-keepalive/commands/in-flight-complete",
    condition: NVME_KEPT,
  },
  {
    name: "commands-end-with-the-driver",
    file: "src/nvme/controller.ts",
    find: "    this.#state.interrupts.unmapAll();\n",
    replace: "    this.#state.interrupts.unmapAll();\n" + "    this.#state.inFlight.clear();\n",
    scenario: "nvme-keepalive/commands/in-flight-complete",
    condition: NVME_KEPT,
  },
  {
    name: "one-listener-for-a-vector",
    file: "src/nvme/msix_table.ts",
    find: "[...handlers, handler]",
    replace: "[handler]",
    scenario: "nvme-keepalive/driver/takes-over",
    condition: NVME_KEPT,
  },
  {
    name: "queues-survive-a-reset",
    file: "src/nvme/controller_state.ts",
    find: "    this.submissionQueues.clear();\n",
    replace: "",
    scenario: "nvme-without-keepalive/driver/initialises-the-controller",
    condition: NVME_RESET,
  },
  {
    name: "controller-resets-are-not-counted",
    file: "src/nvme/controller.ts",
    find: "counters.controllerResets += 1;",
    replace: "counters.controllerResets += 0;",
    scenario: "nvme-without-keepalive/controller/is-reset",
    condition: NVME_RESET,
  },
  {
    name: "namespaces-go-with-a-reset",
    file: "src/nvme/controller_state.ts",
    find: "    this.inFlight.clear();\n",
    replace: "    this.inFlight.clear();\n" + "    this.namespaces.clear();\n",
    scenario: "nvme-without-keepalive/namespaces/come-back",
    condition: NVME_RESET,
  },

  // The driver on a live controller.
  {
    name: "restored-commands-lose-their-sequence",
    file: "src/nvme_driver/pending_commands.ts",
    find: "const cid = cidOf(restored);",
    replace: "const cid = cidOf(restored) & CID_KEY_MASK;",
    scenario: "nvme-keepalive/commands/in-flight-complete",
    condition: NVME_KEPT,
  },
  {
    name: "restored-submission-queue-starts-at-its-start",
    file: "src/nvme_driver/rings.ts",
    find: "this.#tail = tail;",
    replace: "this.#tail = 0;",
    scenario: "nvme-keepalive/driver/takes-over",
    condition:
      "openhcl@2505[host,privatepool]>2505[host,privatepool] " + "devices=nvme request=nvme",
  },
  {
    name: "restored-completion-queue-starts-at-its-start",
    file: "src/nvme_driver/rings.ts",
    find: "this.#head = head;\n    this.#committedHead = committed_head;",
    replace: "this.#head = 0;\n    this.#committedHead = committed_head;",
    scenario: "nvme-keepalive/driver/takes-over",
    condition: NVME_KEPT,
  },
  {
    name: "restored-completion-queue-expects-the-first-pass",
    file: "src/nvme_driver/rings.ts",
    find: "this.#phase = phase;",
    replace: "this.#phase = !phase;",
    scenario: "nvme-keepalive/driver/takes-over",
    condition: NVME_KEPT,
  },
  {
    name: "io-queues-do-not-interrupt",
    file: "src/nvme_driver/queue_creation.ts",
    find: "const INTERRUPTS = 0x2;",
    replace: "const INTERRUPTS = 0;",
    scenario: "oracle/exactly-once-io",
    condition: NVME_KEPT,
  },
  {
    name: "restored-queues-are-not-started",
    file: "src/nvme_driver/driver.ts",
    find: "    queues.start();\n",
    replace: "",
    scenario: "nvme-keepalive/commands/in-flight-complete",
    condition: NVME_KEPT,
  },
  {
    name: "attaching-resets-the-function",
    file: "src/nvme_driver/vfio_device.ts",
    find: "  attach(): void {\n",
    replace: "  attach(): void {\n" + "    this.#reset();\n",
    scenario: "nvme-keepalive/controller/is-not-reset",
    condition:
      "openhcl@2505[host,privatepool]>2505[host,privatepool] " + "devices=nvme request=nvme",
  },
  {
    name: "busy-processors-are-told-as-idle",
    file: "src/openhcl/persisted_info.ts",
    find: "pending_cmds.commands.length > 0",
    replace: "pending_cmds.commands.length === 0",
    scenario: "oracle/early-processors",
    condition: NVME_KEPT,
  },
  {
    name: "device-in-use-is-not-reset-first",
    file: "src/nvme_driver/driver_enable.ts",
    find: "if (!registers.inUse) return;",
    replace: "if (registers.inUse) return;",
    scenario: "oracle/keepalive-mismatch",
    condition:
      "openhcl@main[host,privatepool]>2411[host,privatepool] " + "devices=nvme request=nvme",
  },
  {
    name: "queue-at-work-is-not-woken",
    file: "src/nvme_driver/queue_pair.ts",
    find: 'this.#isWoken = true;\n    if (this.#state !== "idle") return;',
    replace: 'if (this.#state !== "idle") return;\n    this.#isWoken = true;',
    scenario: "oracle/exactly-once-io",
    condition: LONG_FLIGHT,
  },
  {
    name: "requests-go-along-once",
    file: "src/storvsp/storvsp_worker.ts",
    find: "this.#issue(entry, vp, (packet) => this.#complete(entry, packet));",
    replace:
      "this.#issue(entry, vp, (packet) => this.#complete(entry, packet));\n" +
      "      this.#outstanding.delete(entry);",
    scenario: "oracle/exactly-once-io",
    condition: LONG_FLIGHT,
  },
  {
    name: "queues-are-not-saved-in-their-place",
    file: "src/nvme_driver/queue_pair.ts",
    find: "return { mem_len, base_pfn, qid,",
    replace: "return { mem_len, base_pfn: base_pfn + 1n, qid,",
    scenario: "nvme-keepalive/queues/are-the-same",
    condition: NVME_KEPT,
  },
];
