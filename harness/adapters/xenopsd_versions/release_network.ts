/**
 * Hosts that migrate VMs to each other, where each hears only what its release knows.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml and xenops_migrate.ml, and which cookies of a
 * migration came when: mem_migration in 2022-06, final_id in 2018-01, memory_total_source in
 * 2026-01. That a receiver of before 2022 has no place for memory on a connection of its own, and a
 * sender since then no other way, follows from these; nobody has seen it.
 *
 * @module
 */
import { XenopsError } from "../../../src/xenops_interface/mod.ts";
import { type Call, Network, VirtualClock } from "../../../src/xenopsd/mod.ts";
import {
  NotUnderstoodError,
  type Release,
  understood,
  written,
} from "../../../src/xenopsd_release/mod.ts";

type Peer = NonNullable<ReturnType<Network["find"]>>;

/** Where memory comes in by itself. */
const MEMORY = "/migrate/mem/";

export class ReleaseNetwork extends Network {
  /** By the URL of the receiver: who sends there, and who listens. */
  readonly #pairs = new Map<string, readonly [writer: Release, reader: Release]>();

  constructor(seed: number) {
    super(new VirtualClock(), seed);
  }

  /** From now on what is sent there is by one release for the other. */
  announce(url: string, writer: Release, reader: Release): string {
    this.#pairs.set(url, [writer, reader]);
    return url;
  }

  override find(url: string): Peer | undefined {
    const peer = super.find(url);
    const pair = this.#pairs.get(url);
    return peer === undefined || pair === undefined ? peer : between(peer, ...pair);
  }
}

/** The receiver as the sender finds it. */
function between(peer: Peer, writer: Release, reader: Release): Peer {
  return {
    isCrashed: peer.isCrashed,
    canRun: peer.canRun,
    isIdle: peer.isIdle,
    nextDeadlineMs: peer.nextDeadlineMs,
    step: () => peer.step(),
    onEnd: (tell) => peer.onEnd(tell),
    call(method, params) {
      if (method !== "VM.import_metadata") return peer.call(method, params);
      const { metadata, ...others } = params as { readonly metadata: string };
      try {
        const sent = written(writer, "metadata", metadata);
        return peer.call(method, { ...others, metadata: understood(reader, "metadata", sent) });
      } catch (error) {
        if (!(error instanceof NotUnderstoodError)) throw error;
        return failed(method, error.message);
      }
    },
    put(path, cookies, channel) {
      const known = [...cookies].filter(([name]) => !reader.withoutCookies.has(name));
      // A receiver that does not know of it has nothing there.
      if (path.startsWith(MEMORY) && reader.withoutCookies.has("mem_migration")) channel.close();
      else peer.put(path, new Map(known), channel);
    },
  };
}

function failed(method: string, reason: string): Call {
  const error = new XenopsError("Internal_error", reason);
  return { method, state: "failed", result: null, error, onSettled: undefined, abandon() {} };
}
