/**
 * The reading side of servicing: from the octets that the host has kept to a guest that runs on.
 *
 * Source: openhcl/underhill_core/src/worker.rs.
 *
 * @module
 */
import { ChainError, type Environment, Stuck, withContext } from "../machine/mod.ts";
import { codecFor, MeshError } from "../mesh/mod.ts";
import { ServicingState } from "../openhcl_state/mod.ts";
import { guidText } from "../vmbus/mod.ts";
import { decodeError } from "./blob.ts";
import { newUnderhillVm, startUp } from "./boot.ts";
import type { HopInputs, Host } from "./host.ts";
import type { LoadedVm } from "./loaded_vm.ts";
import type { Release } from "./release.ts";
import { resume } from "./resume.ts";

/** Fetching the state from the host and decoding it, for each KiB and at least once. */
const FETCH_US_PER_KIB = 2;
const DECODE_US_PER_KIB = 1;

/** Boots `release` with the state in `bytes`. Whatever it throws is why the VM does not start. */
export function restoreVm(
  release: Release,
  host: Host,
  inputs: HopInputs,
  bytes: Uint8Array,
): LoadedVm {
  host.blackout.enter("start");
  const start = startUp(release, host, inputs, true);
  const { env, step } = start;
  const { tracer, log } = env;
  if (host.restoreStuck) {
    host.restoreStuck = false;
    throw new Stuck("SERVICING_RESTORE_STUCK: waiting indefinitely in restore");
  }
  const state = tracer.span("init/get_saved_state", () =>
    step("restore/fetch", () => fetchState(release, env, bytes)),
  );
  const correlation = state.init_state.correlation_id;
  const correlationId = correlation === null ? null : guidText(correlation);
  tracer.correlationId = correlationId;
  const vm = tracer.span("init/new_underhill_vm", () => {
    reportFlushLogs(env, state);
    return newUnderhillVm(start, state.init_state);
  });
  vm.lastStop = state.init_state.vm_stop_reference_time;
  tracer.span("init/restore", () => step("restore/units", () => restoreUnits(vm, state)));
  // The VM always starts, even when VTL0 was configured to start paused.
  const blackoutUs = step("restore/resume", () => {
    vm.vmbusClient?.start();
    return resume(vm, correlationId);
  });
  host.blackout.enter("first-io");
  vm.servicing = { correlationId, flushLogs: state.init_state.flush_logs_result, blackoutUs };
  tracer.correlationId = null;
  log.info(`VM restored as ${release.name}`);
  return vm;
}

/** The saved state as this release understands it, with its compatibility fixes applied. */
function fetchState(release: Release, env: Environment, bytes: Uint8Array): ServicingState {
  const { clock, blackout, log } = env;
  const kib = 1 + (bytes.length >> 10);
  blackout.within("transfer", () => clock.advance(FETCH_US_PER_KIB * kib));
  return blackout.within("decode", () => {
    clock.advance(DECODE_US_PER_KIB * kib);
    const state = withContext("failed to decode servicing state", () => decode(release, bytes));
    log.info(`received servicing state from host saved_state_len=${bytes.length}`);
    return withContext("failed to fix up servicing state on restore", () =>
      release.relay.fixPostRestore(state),
    );
  });
}

/** By the octets, which are a new object for every save, and by the release that reads them. */
const decodedStates = new WeakMap<Uint8Array, Map<string, ServicingState>>();

/** The state in `bytes`, which many machines are restored from, and none of them changes. */
function decode({ name }: Release, bytes: Uint8Array): ServicingState {
  const ofReaders = decodedStates.get(bytes);
  const known = ofReaders?.get(name);
  if (known !== undefined) return known;
  try {
    const state = codecFor(ServicingState, name).decode(bytes);
    if (ofReaders === undefined) decodedStates.set(bytes, new Map([[name, state]]));
    else ofReaders.set(name, state);
    return state;
  } catch (error) {
    if (error instanceof MeshError) throw decodeError(error);
    throw error;
  }
}

function reportFlushLogs({ log }: Environment, { init_state }: ServicingState): void {
  const result = init_state.flush_logs_result;
  if (result === null) return;
  const { duration_us: durationUs, error } = result;
  if (error === null) log.info(`flushed logs before servicing duration_us=${durationUs}`);
  else log.error(`failed to flush logs before servicing duration_us=${durationUs}: ${error}`);
}

/** Only the units are reported to the host; what fails before shows as a failure to start. */
function restoreUnits(vm: LoadedVm, { units }: ServicingState): void {
  const { restoreResults } = vm.host;
  try {
    vm.units.restore(units, () => vm.env.points.reach("restore/units/in"));
  } catch (error) {
    if (error instanceof ChainError) restoreResults.push(false);
    throw error;
  }
  restoreResults.push(true);
}
