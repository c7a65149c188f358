/**
 * What a client knows of a server that it only asks for updates and for what they name.
 *
 * Source: xen-api, doc/content/xenopsd/walkthroughs/VM.start.md: "the client must then call the
 * relevant stat function".
 *
 * @module
 */
import { type DynamicId, XenopsError } from "../../src/xenops_interface/mod.ts";
import { type Client, text } from "./client.ts";

const STATS: Readonly<Record<DynamicId[0], string>> = {
  Vm: "VM.stat",
  Vbd: "VBD.stat",
  Vif: "VIF.stat",
  Pci: "PCI.stat",
  Vgpu: "VGPU.stat",
  Vusb: "VUSB.stat",
  Task: "Task.stat",
};

export class ClientView {
  /** By id, the last answer of stat as text. */
  readonly known = new Map<string, string>();
  readonly #client: Client;
  #token: number | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Takes what has changed since the last look. */
  async look(): Promise<void> {
    for (;;) {
      const [barriers, ids, token] = await this.#client.updates(this.#token);
      this.#token = token;
      for (const id of ids) await this.#stat(id);
      if (ids.length === 0 && barriers.length === 0) return;
    }
  }

  async #stat([kind, id]: DynamicId): Promise<void> {
    const key = text([kind, id]);
    try {
      this.known.set(key, text(await this.#client.call(STATS[kind], { id })));
    } catch (error) {
      if (!(error instanceof XenopsError)) throw error;
      this.known.delete(key);
    }
  }
}
