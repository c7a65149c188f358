/**
 * Whether a VM that was repaired is one of the things that it may be.
 *
 * @module
 */
import { check } from "../../harness/mod.ts";
import type { Client } from "./client.ts";
import { brokenOf, leftOf } from "./whole.ts";

/** After a repair a VM is Halted with nothing left, or whole; anything else is half of a VM. */
export async function unsoundOf(client: Client, id: string): Promise<string | undefined> {
  const halted = (await client.power(id)) === "Halted";
  return halted ? await leftOf(client, id) : await brokenOf(client, id, ["Paused", "Running"]);
}

export async function demandSound(client: Client, id: string, when: string): Promise<void> {
  const unsound = await unsoundOf(client, id);
  check(unsound === undefined, `${id} is neither Halted nor whole ${when}: ${unsound}`);
}
