/**
 * Starting the units of a VM, at boot, after a servicing or after one that has failed.
 *
 * Source: openhcl/underhill_core/src/dispatch/mod.rs (`start`).
 *
 * @module
 */
import { type LoadedVm, referenceTime } from "./loaded_vm.ts";

const NO_CORRELATION = "00000000-0000-0000-0000-000000000000";

/** Starts the units and logs how long the guest has stood still. Answers that time. */
export function resume(vm: LoadedVm, correlationId: string | null): number | null {
  vm.units.start();
  const { lastStop, env } = vm;
  if (lastStop === null) {
    env.log.info(`starting VM boot_time_ms=${Math.floor(env.clock.nowUs / 1000)}`);
    return null;
  }
  const blackoutUs = Number((referenceTime(env) - lastStop) / 10n);
  env.log.info(
    `resuming VM correlation_id=${correlationId ?? NO_CORRELATION} ` +
      `blackout_time_ms=${Math.floor(blackoutUs / 1000)}`,
  );
  return blackoutUs;
}
