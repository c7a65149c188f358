/**
 * The facets of a running OpenHCL: what the model shows, in the nouns of the harness. Each call
 * reads the live machine.
 *
 * @module
 */
import type { Openhcl } from "../../../src/openhcl/mod.ts";
import type { Facets } from "../../facets/machine.ts";
import { digestOf } from "./digest.ts";
import { seenOf } from "./seen.ts";

type Contents = ReturnType<Openhcl["contents"]>;

/** By contents, which stay the same object while they stay the same. */
const digests = new WeakMap<Contents, ReadonlyMap<string, string>>();

function digestsOf(contents: Contents): ReadonlyMap<string, string> {
  const known = digests.get(contents);
  if (known !== undefined) return known;
  const found = new Map<string, string>();
  for (const [name, content] of contents) found.set(name, keptDigestOf(content));
  digests.set(contents, found);
  return found;
}

/** By content; that of a state which many machines have is the same object in all of them. */
const digestsOfContent = new WeakMap<Uint8Array, string>();

function keptDigestOf(content: Uint8Array | string | null): string {
  if (!(content instanceof Uint8Array)) return digestOf(content);
  const known = digestsOfContent.get(content);
  if (known !== undefined) return known;
  const digest = digestOf(content);
  digestsOfContent.set(content, digest);
  return digest;
}

/** What only some machines have, or those of others. */
type Unusual =
  | "agreeing"
  | "board"
  | "codec"
  | "counting"
  | "migration"
  | "nvme"
  | "nic"
  | "toolstack"
  | "xenstore";

/** The facets that every machine has. */
export function usualFacets(openhcl: Openhcl): Omit<Facets, Unusual> {
  return {
    dma: { pools: () => openhcl.pools(), strayWrites: () => openhcl.strayWrites() },
    guestState: {
      source: () => openhcl.vmgsSource(),
      disagreement: () => openhcl.vmgsDisagreement(),
      settings: () => openhcl.settings(),
    },
    guest: openhcl.guest,
    lifecycle: {
      running: () => openhcl.running,
      nonce: () => BigInt(openhcl.guest.nonce()),
      log: () => openhcl.log(),
      spans: () => openhcl.spans(),
      inspect: () => openhcl.inspect(),
    },
    observe: { ticks: [], volatile: [], look: () => Promise.resolve(seenOf(openhcl)) },
    recall: {
      knew: () => openhcl.found?.knew ?? null,
      found: () => openhcl.found?.view ?? null,
      refused: () => openhcl.refused,
    },
    servicing: {
      correlationId: () => openhcl.servicing?.correlationId ?? null,
      keepaliveMode: (deviceClass) => openhcl.keepaliveMode(deviceClass),
      flushLogs() {
        const result = openhcl.servicing?.flushLogs ?? null;
        return result === null ? null : { durationUs: result.duration_us, error: result.error };
      },
      blackoutUs: () => openhcl.servicing?.blackoutUs ?? null,
      earlyProcessors: () => openhcl.earlyProcessors,
      blackout: () => openhcl.blackout(),
    },
    units: {
      digests: () => digestsOf(openhcl.contents()),
      found: () => digestsOf(openhcl.foundContents()),
    },
    vmbus: {
      channels: () => openhcl.channels(),
      pendingMessages: () => openhcl.pendingMessages(),
      found: () => openhcl.found?.bus ?? null,
      listening: () => openhcl.listening,
    },
  };
}

export function nvmeFacet(openhcl: Openhcl): Pick<Facets, "nvme"> {
  return { nvme: { controllers: () => openhcl.nvme() } };
}

export function nicFacet(openhcl: Openhcl): Pick<Facets, "nic"> {
  return { nic: { adapters: () => openhcl.nics() } };
}
