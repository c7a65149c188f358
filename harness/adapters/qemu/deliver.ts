/**
 * Gives a stream to a machine that waits for one. QEMU listens on a socket of its own as soon as it
 * has answered the command.
 *
 * @module
 */
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, migrationOf, OVER } from "./emulator.ts";
import type { Answer } from "./monitor.ts";

const POLL_MS = 5;
/** A load takes some ten milliseconds; a machine that takes so long hangs. */
const LOAD_MS = 30_000;

/** A stream that QEMU read and did not accept, with the process still there. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
}

/** A stream that QEMU did not finish with. */
export class DeliveryHung extends Error {
  override readonly name = "DeliveryHung";
}

/** What to start a machine with that is to be given a stream. */
export const WAITING = ["-incoming", "defer"] as const;

/**
 * Loads `octets` into `emulator`, started with {@linkcode WAITING}; answers its status then, such
 * as `paused`. A release that gives up ends its process: that is a `MonitorLost`.
 */
export async function deliver(emulator: Emulator, octets: Uint8Array): Promise<string> {
  const { monitor, folder } = emulator;
  const path = join(folder, "incoming");
  await monitor.execute("migrate-set-capabilities", {
    capabilities: [{ capability: "events", state: true }],
  });
  await monitor.execute("migrate-incoming", { uri: `unix:${path}` });
  const socket = connect(path);
  // It may close before it has read all of a stream that it does not like.
  socket.on("error", () => {});
  socket.end(octets);
  try {
    for (let waitedMs = 0; waitedMs < LOAD_MS; waitedMs += POLL_MS) {
      const { status } = await migrationOf(monitor);
      if (status === "completed") return await statusOf(emulator);
      if (OVER.has(status)) throw new DeliveryError(emulator.stderr.trim());
      await sleep(POLL_MS);
    }
    throw new DeliveryHung("the load does not end");
  } finally {
    if (!socket.destroyed) {
      socket.destroy();
      await once(socket, "close");
    }
  }
}

/** Whether the machine runs, and why not. */
export async function statusOf({ monitor }: Emulator): Promise<string> {
  const { status } = (await monitor.execute("query-status")) as Answer;
  return String(status);
}
