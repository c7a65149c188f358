/**
 * Where a VM is when a migration is over, and what is left of it elsewhere.
 *
 * @module
 */
import { same } from "./client.ts";
import { domainsOf, type Hosts, ID } from "./hosts.ts";
import { stepsOf } from "./stepping.ts";
import { brokenOf, demandWhole } from "./whole.ts";

/** The VM runs at the receiver as it did, and nowhere else. */
export async function demandArrived(hosts: Hosts, witness: string | undefined): Promise<void> {
  const { here, there } = hosts;
  await demandWhole(there, ID, ["Running"]);
  same(there.target.images?.witness(ID), witness, "the memory of the guest");
  same(domainsOf(hosts).length, 1, "the number of domains");
  await here.refuses("Does_not_exist", "VM.stat", { id: ID });
  const paths = [here, there].flatMap(({ target }) => target.files?.list() ?? []);
  const other = paths.filter(([, vm]) => vm !== ID);
  same(other, [], "what is left of other ids");
}

/** The VM runs at the sender, and nothing of it has come to the receiver. */
export async function demandStayed({ here, there }: Hosts): Promise<void> {
  await demandWhole(here, ID, ["Running"]);
  same(await there.call("VM.list", { unit: null }), [], "what has come");
  same(stepsOf(there).world, { domains: [], storage: [] }, "what the receiver holds");
}

/** What is wrong with a VM that may be on either side, whole, or nowhere. */
export async function halvesOf(hosts: Hosts): Promise<string | undefined> {
  const domains = domainsOf(hosts);
  if (domains.length > 1) return `there are ${domains.length} domains`;
  for (const client of [hosts.here, hosts.there]) {
    const all = (await client.call("VM.list", { unit: null })) as [{ id: string }][];
    const stranger = all.find(([{ id }]) => id !== ID);
    if (stranger !== undefined) return `${stranger[0].id} is left`;
    const { domains: mine } = stepsOf(client).world;
    if (mine.length === 0) continue;
    const broken = await brokenOf(client, ID, ["Running"]);
    if (broken !== undefined) return broken;
  }
  return undefined;
}
