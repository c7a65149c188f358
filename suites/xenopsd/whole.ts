/**
 * Whether a VM is whole: what is promised of one that was started, and of one that is Halted.
 *
 * Source: xen-api, doc/content/xenopsd/walkthroughs/VM.start.md, "When the Task has completed
 * successfully"; invariants I12 and I13.
 *
 * @module
 */
import type { XenopsWorld } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";
import type { Client } from "./client.ts";

type Power = "Paused" | "Running";

/** What of the post-conditions does not hold for `vm`. */
export async function brokenOf(
  client: Client,
  id: string,
  powers: readonly Power[] = ["Paused"],
): Promise<string | undefined> {
  const [vm, state] = await client.stat(id);
  const { power_state: power, domids, consoles, memory_target: target } = state;
  if (!powers.includes(power as Power)) return `it is ${power} instead of ${powers.join(" or ")}`;
  if (domids.length !== 1) return `it has ${domids.length} domains`;
  if (consoles.length === 0) return "it has no console";
  if (!(state.last_start_time > 0)) return `its start time is ${state.last_start_time}`;
  if (target < vm.memory_dynamic_min || target > vm.memory_dynamic_max) {
    return `its memory target is ${target}`;
  }
  if (state.vcpu_target !== vm.vcpus) return `its vCPU target is ${state.vcpu_target}`;
  return (await brokenDevice(client, id)) ?? halfBuilt(client.target.steps?.world, id);
}

async function brokenDevice(client: Client, id: string): Promise<string | undefined> {
  const disks = [...(await client.vbds(id)), ...(await client.vifs(id))];
  for (const [device, { active, plugged }] of disks) {
    if (!active || !plugged) return `${device.id[1]} is active ${active}, plugged ${plugged}`;
  }
  for (const [device, { plugged }] of await client.pcis(id)) {
    if (!plugged) return `${device.id[1]} is not plugged`;
  }
  return undefined;
}

/** Domains of `id` that would not survive, where they can be seen. */
function halfBuilt(world: XenopsWorld | undefined, id: string): string | undefined {
  for (const { uuid, domid, isBuilt, hasDeviceModel, marker } of world?.domains ?? []) {
    if (uuid !== id) continue;
    if (!isBuilt) return `domain ${domid} is not built`;
    if (!hasDeviceModel) return `domain ${domid} has no device model`;
    if (marker !== null) return `domain ${domid} is still marked ${marker}`;
  }
  return undefined;
}

/** What a VM that should be Halted still has. */
export async function leftOf(client: Client, id: string): Promise<string | undefined> {
  const [, { power_state: power, domids }] = await client.stat(id);
  if (power !== "Halted") return `it is ${power} instead of Halted`;
  if (domids.length > 0) return `it has domain ${domids[0]}`;
  for (const list of [client.vbds(id), client.vifs(id), client.pcis(id)]) {
    for (const [device, { plugged }] of await list) {
      if (plugged) return `${device.id[1]} is plugged`;
    }
  }
  const { world } = client.target.steps ?? {};
  const domain = world?.domains.find(({ uuid }) => uuid === id);
  if (domain !== undefined) return `domain ${domain.domid} is there`;
  const storage = world?.storage.find((name) => name.startsWith(`${id}/`));
  return storage === undefined ? undefined : `the storage of ${storage} is attached`;
}

export async function demandWhole(
  client: Client,
  id: string,
  powers?: readonly Power[],
): Promise<void> {
  const broken = await brokenOf(client, id, powers);
  check(broken === undefined, `${id} is not whole: ${broken}`);
}

export async function demandHalted(client: Client, id: string): Promise<void> {
  const left = await leftOf(client, id);
  check(left === undefined, `${id} is not Halted: ${left}`);
}
