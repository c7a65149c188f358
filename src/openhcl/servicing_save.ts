/**
 * The writing side of servicing: from the host's request to the octets that it keeps, or to a
 * refusal after which the VM runs on.
 *
 * Source: openhcl/underhill_core/src/dispatch/mod.rs (`handle_servicing_request`,
 * `handle_servicing_inner`, `save`).
 *
 * @module
 */
import { ChainError, Killed, Panic, refusal, Stuck, withContext } from "../machine/mod.ts";
import { codecFor } from "../mesh/mod.ts";
import { type Guid, ServicingState } from "../openhcl_state/mod.ts";
import { guid } from "../vmbus/mod.ts";
import { flushLogs } from "./flush_logs.ts";
import { type CapabilityFlags, isEnabled } from "./keepalive.ts";
import { type Draft, type LoadedVm, referenceTime } from "./loaded_vm.ts";
import { writePersistedInfo } from "./persisted_info.ts";
import type { Release } from "./release.ts";
import { resume } from "./resume.ts";
import type { SaveContext } from "./save_steps.ts";

/** `GuestSaveRequest`. */
export interface GuestSaveRequest {
  /** GUID in lower-case text form. */
  readonly correlationId: string;
  readonly timeoutHintUs: number;
  readonly capabilitiesFlags: CapabilityFlags;
}

/** Stopping the VM, and unbinding the drivers of its PCI devices. */
const STOP_US = 2_500;
const SHUTDOWN_PCI_US = 800;

/**
 * Saves `vm`. On a refusal the VM has been started again, if it was running, and the refusal is
 * thrown on with its whole chain of errors.
 */
export function handleServicingRequest(
  release: Release,
  vm: LoadedVm,
  request: GuestSaveRequest,
): Uint8Array {
  const { env, host } = vm;
  const fault = host.saveFault;
  host.saveFault = null;
  const timeoutUs = release.deadline.timeout(request.timeoutHintUs);
  if (timeoutUs !== request.timeoutHintUs) {
    env.log.info("host provided UINT16_MAX timeout hint, defaulting to 200s");
  }
  env.log.info(`received servicing request from host timeout_hint_ms=${timeoutUs / 1000}`);
  const deadlineUs = env.clock.nowUs + timeoutUs;
  if (fault === "save-stuck") throw new Stuck("SERVICING_SAVE_STUCK: waiting indefinitely");
  const running = vm.units.running;
  try {
    const state = inner(release, vm, request, { timeoutUs, deadlineUs, fault });
    if (fault === "save-fail") throw new ChainError("Simulated servicing save failure");
    const encode = () => codecFor(ServicingState, release.name).encode(state);
    return send(vm, env.blackout.within("serialise", encode));
  } catch (error) {
    const { message } = refusal(error);
    env.log.error(`error while handling servicing: ${message}`);
    env.tracer.correlationId = null;
    if (running) resume(vm, request.correlationId);
    host.blackout.end();
    throw error;
  }
}

/**
 * Hands the state over. A host that does not take it leaves OpenHCL without a way back: its worker
 * ends with the error. From then on OpenHCL only waits for its restart, and may as well be dead.
 */
function send({ env, host }: LoadedVm, bytes: Uint8Array): Uint8Array {
  const { rejectsState } = host;
  host.rejectsState = false;
  env.blackout.enter("transfer");
  env.points.reach("save/send/before");
  if (rejectsState) throw new Panic("host rejected save/restore operation");
  try {
    env.points.reach("save/send/after");
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  return bytes;
}

/**
 * Saves `vm` as the diagnostics service does (`UhVmRpc::Save`): with both keepalives disabled, and
 * without letting go of anything. A VM that ran runs on, whatever becomes of the save; but upstream
 * does not start the VMBus client again, which the save has stopped.
 */
export function saveToLookAt(release: Release, vm: LoadedVm): Uint8Array {
  const modes = { nvme: "Disabled", mana: "Disabled" } as const;
  const { running } = vm.units;
  if (running) stop(vm);
  try {
    const state = save(release, vm, { modes, timeoutUs: 0, fault: null });
    return codecFor(ServicingState, release.name).encode(state);
  } finally {
    if (running) resume(vm, null);
  }
}

interface Limits extends Omit<SaveContext, "modes"> {
  readonly deadlineUs: number;
}

function inner(
  release: Release,
  vm: LoadedVm,
  request: GuestSaveRequest,
  limits: Limits,
): ServicingState {
  const { env, host } = vm;
  if (host.vm.isolated) throw new ChainError("Servicing is not yet supported for isolated VMs");
  return release.deadline.guard(env, limits.deadlineUs, () => {
    const { inForce: modes, kept } = release.gate(vm.keepalive, request.capabilitiesFlags);
    vm.keepalive = kept;
    const context = { ...limits, modes };
    let state: ServicingState;
    env.tracer.correlationId = request.correlationId;
    try {
      state = env.tracer.span("servicing_save_vtl2", () =>
        saveAndShutDown(release, vm, request, context),
      );
    } catch (error) {
      // A panic is not resumed from, but neither does it look at this.
      if (release.resumesVmbusClient) vm.vmbusClient?.start();
      throw error;
    }
    const answers = limits.fault !== "flush-logs-timeout";
    const flush_logs_result = env.points.around("save/logs", () => flushLogs(env.clock, answers));
    return { ...state, init_state: { ...state.init_state, flush_logs_result } };
  });
}

function saveAndShutDown(
  release: Release,
  vm: LoadedVm,
  request: GuestSaveRequest,
  context: SaveContext,
): ServicingState {
  if (!vm.units.running) throw new ChainError("cannot service underhill while paused");
  const { blackout } = vm.env;
  blackout.begin();
  stop(vm);
  blackout.enter("serialise");
  const state = save(release, vm, context);
  const correlation_id = guid(request.correlationId);
  writePersistedInfo(release, vm.host, state.init_state.nvme_state ?? null);
  blackout.enter("drain");
  vm.env.points.around("save/shutdown", () => shutDown(vm, context));
  return { ...state, init_state: { ...state.init_state, correlation_id } };
}

/** Stops the units, which run. */
function stop(vm: LoadedVm): void {
  vm.lastStop = referenceTime(vm.env);
  vm.env.log.info("stopping VM");
  vm.env.points.around("save/stop", () => {
    vm.env.clock.advance(STOP_US);
    vm.units.stop();
  });
}

function save(release: Release, vm: LoadedVm, context: SaveContext): ServicingState {
  if (vm.units.running) throw new Panic("assertion failed: !self.state_units.is_running()");
  const draft: Draft = { init: newInitState(vm), units: [] };
  const { points } = vm.env;
  for (const step of release.saveSteps) {
    points.around(`save/${step.name}`, () => step.run(vm, draft, context));
  }
  return withContext("failed to fix up servicing state before save", () =>
    release.relay.fixPreSave({ init_state: draft.init, units: draft.units }),
  );
}

/** The fields that no step fills; those that a release lacks are not encoded. */
function newInitState(vm: LoadedVm): Draft["init"] {
  const token = vm.hibernateToken;
  return {
    firmware_type: { variant: vm.host.deviceSet.firmware, value: {} },
    vm_stop_reference_time: vm.lastStop ?? 0n,
    correlation_id: null as Guid | null,
    emuplat: { rtc_local_clock: { offset_from_host_time_millis: 0n }, ...NO_EMUPLAT },
    flush_logs_result: null,
    vmgs: null,
    overlay_shutdown_device: vm.relay !== null,
    hibernate: token === null ? null : { token },
    nvme_state: null,
    dma_manager_state: null,
    vmbus_client: null,
    mana_state: null,
  };
}

const NO_EMUPLAT = { get_backed_adjust_gpa_range: null, netvsp_state: [] };

/**
 * Upstream does these three at once and looks at the first one's error at the end. The NVMe
 * manager is gone from here on, even on failure.
 */
function shutDown(vm: LoadedVm, context: SaveContext): void {
  shutDownDevices(vm, context);
  if (context.fault !== "pci-shutdown-error") return;
  const source = new ChainError("Input/output error (os error 5)");
  throw new ChainError("failed to unbind hv_pci driver for 0001:00:00.0", source);
}

function shutDownDevices(vm: LoadedVm, { modes }: SaveContext): void {
  const { env, network, nvme } = vm;
  const { tracer, clock, points } = env;
  tracer.span("shutdown_pci_devices", () => clock.advance(SHUTDOWN_PCI_US));
  points.reach("save/shutdown/in");
  if (network !== null) {
    tracer.span("shutdown_mana", () => network.unloadForServicing(isEnabled(modes.mana)));
  }
  if (nvme === null) return;
  vm.nvme = null;
  tracer.span("shutdown_nvme_vfio", () => nvme.shutdown(isEnabled(modes.nvme)));
}
