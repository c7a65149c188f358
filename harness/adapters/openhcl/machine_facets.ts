/**
 * The facets of a running OpenHCL: what the model shows, in the nouns of the harness. Each call
 * reads the live machine.
 *
 * @module
 */
import type { Openhcl } from "../../../src/openhcl/mod.ts";
import type { Facets } from "../../facets/machine.ts";
import { digestOf } from "./digest.ts";

/** The facets that every machine has. */
export function usualFacets(openhcl: Openhcl): Omit<Facets, "nvme" | "nic"> {
  return {
    dma: { pools: () => openhcl.pools() },
    guestState: {
      source: () => openhcl.vmgsSource(),
      settings: () => openhcl.settings(),
    },
    lifecycle: {
      running: () => openhcl.running,
      nonce: () => openhcl.nonce,
      log: () => openhcl.log(),
      spans: () => openhcl.spans(),
      inspect: () => openhcl.inspect(),
    },
    servicing: {
      correlationId: () => openhcl.servicing?.correlationId ?? null,
      keepaliveMode: (deviceClass) => openhcl.keepaliveMode(deviceClass),
      flushLogs() {
        const result = openhcl.servicing?.flushLogs ?? null;
        return result === null ? null : { durationUs: result.duration_us, error: result.error };
      },
      blackoutUs: () => openhcl.servicing?.blackoutUs ?? null,
    },
    units: {
      digests: () => new Map([...openhcl.contents()].map(([name, it]) => [name, digestOf(it)])),
    },
    vmbus: {
      channels: () => openhcl.channels(),
      pendingMessages: () => openhcl.pendingMessages(),
    },
  };
}

export function nvmeFacet(openhcl: Openhcl): Pick<Facets, "nvme"> {
  return { nvme: { controllers: () => openhcl.nvme() } };
}

export function nicFacet(openhcl: Openhcl): Pick<Facets, "nic"> {
  return { nic: { adapters: () => openhcl.nics() } };
}
