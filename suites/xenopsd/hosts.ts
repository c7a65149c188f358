/**
 * Two servers, and a VM that goes from one to the other.
 *
 * @module
 */
import type { XenopsOptions, XenopsStream } from "../../harness/facets/xenopsd.ts";
import type { Task } from "../../src/xenops_interface/mod.ts";
import type { Check } from "./check_table.ts";
import { Client } from "./client.ts";
import { stepsOf } from "./stepping.ts";

/** The first 24 characters stay in the ids that a VM has on its way. */
export const ID = "7b719ce6-0b17-9733-e8ee-dbc1e6e7b701";

/** A server with a VM that runs, and another one that it may go to. */
export interface Hosts {
  readonly here: Client;
  readonly there: Client;
  readonly url: string;
  readonly stream: XenopsStream;
}

export function withHosts(
  attempt: (hosts: Hosts) => Promise<void>,
  options: XenopsOptions = {},
  prepare: (here: Client) => Promise<unknown> = () => Promise.resolve(),
): Check {
  return async (bench) => {
    await using target = await bench.open(options);
    const here = new Client(target);
    const peer = await (target.peer as NonNullable<typeof target.peer>)();
    await here.addFull(ID);
    await prepare(here);
    await here.start(ID);
    await here.completes("VM.unpause", { id: ID });
    const { url, stream } = peer;
    await attempt({ here, there: new Client(peer.target), url, stream });
  };
}

export function begin({ here, url }: Hosts, fields: object = {}): Promise<string> {
  const maps = { vdi_map: [], vif_map: [], pci_map: [] };
  const flags = { compress: false, verify_dest: false, localhost_migration: false };
  return here.begin("VM.migrate", { id: ID, ...maps, xenops_url: url, ...flags, ...fields });
}

export async function migrated(hosts: Hosts, fields: object = {}): Promise<Task> {
  const id = await begin(hosts, fields);
  await hosts.here.target.settle();
  return await hosts.here.task(id);
}

export function domainsOf({ here, there }: Hosts) {
  return [here, there].flatMap((client) => stepsOf(client).world.domains);
}
