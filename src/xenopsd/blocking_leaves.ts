/**
 * The leaves that wait for somebody else: guests, scripts, the clock. Whoever waits can be
 * cancelled; what has happened at the same instant has happened.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml; ocaml/xapi-idl/lib/task_server.ml. To keep
 * the promise that a task that is cancelled has ended within 30 s, a device is waited for no longer
 * than `DEVICE_TIMEOUT_S`: children of parallel atoms are not told that their parent is cancelled.
 *
 * @module
 */
import { RpcDict, type RpcValue, XenopsError } from "../xenops_interface/mod.ts";
import { needBuilt } from "./need_domain.ts";
import type { Leaf, ShutdownReason } from "./operation.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { Wait } from "./wait.ts";

const DEVICE_TIMEOUT_S = 20;
/** How long a stuck leaf sticks if nobody cancels it. */
const STUCK_S = 24 * 3600;

const SHUTDOWN_CODES = { PowerOff: 0, Reboot: 1, Suspend: 2, S3Suspend: undefined } as const;

/** True if the time has come, an error if the task was cancelled before. */
function* sleep(site: Site, seconds: number): Run<void> {
  const { clock } = site.engine;
  const untilMs = clock.nowMs + seconds * 1000;
  const wait = new Wait(untilMs);
  yield* site.task.withCancel(() => wait.wake(), held(wait));
  if (clock.nowMs < untilMs) throw new XenopsError("Cancelled", site.task.id);
}

function* held(wait: Wait): Run<void> {
  yield wait;
}

export function* delay(site: Site, seconds: number): Run<undefined> {
  yield* sleep(site, seconds);
}

/** The leaf does not come back by itself. */
export function* hang(site: Site, { a }: Leaf, isStuck: boolean): Run<never> {
  const isHook = a === "VM_hook_script";
  yield* sleep(site, isStuck || isHook ? STUCK_S : DEVICE_TIMEOUT_S);
  throw new XenopsError("Internal_error", `Cannot finish ${a}: it has timed out`);
}

/** Asks the guest to end, and waits until it has. */
export function* shutDownGuest(site: Site, vm: string, reason: ShutdownReason): Run<undefined> {
  const { engine } = site;
  const dom = needBuilt(engine, vm);
  yield site.mid("request");
  site.task.checkCancelling();
  // A guest that was killed meanwhile has nothing to say.
  if (engine.world.hv.dom(vm) !== dom) return;
  const code = SHUTDOWN_CODES[reason];
  if (code !== undefined) engine.world.hv.set(dom, { shutdown: code });
}

/** All scripts of the hook; 1 is logged and ignored. */
export function runHook({ engine }: Site, hook: string, reason: string): undefined {
  const rc = engine.faults.hookRc?.[hook] ?? 0;
  if (rc > 1) throw new XenopsError("Hook_failed", [`/etc/xapi.d/${hook}`, reason, "", `${rc}`]);
}

/** What the guest's script has left. */
export function runScript({ engine }: Site, vm: string): RpcValue {
  needBuilt(engine, vm);
  const entries: [string, RpcValue][] = [
    ["rc", 0n],
    ["stdout", ""],
    ["stderr", ""],
  ];
  return new RpcDict(entries);
}
