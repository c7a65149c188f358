/**
 * Saves a machine into octets: QEMU sends its stream to a socket of ours, so that its end is known
 * exactly.
 *
 * @module
 */
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, migrationOf, OVER } from "./emulator.ts";

const POLL_MS = 5;

/** A migration that QEMU began and did not complete. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
}

/** The stream of `emulator`, sent with `capabilities` on. A refusal is a `MonitorError`. */
export async function capture(
  emulator: Emulator,
  capabilities: readonly string[] = [],
): Promise<Uint8Array> {
  const path = join(emulator.folder, "stream");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    const stream = new Promise<Buffer>((resolve, reject) => {
      server.once("connection", (socket) => void collect(socket).then(resolve, reject));
    });
    // When it is refused, nobody ever connects.
    stream.catch(() => {});
    await emulator.monitor.execute("migrate-set-capabilities", {
      capabilities: ["events", ...capabilities].map((capability) => ({ capability, state: true })),
    });
    await emulator.monitor.execute("migrate", { uri: `unix:${path}` });
    const octets = await stream;
    await demandCompleted(emulator);
    return new Uint8Array(octets);
  } finally {
    server.close();
  }
}

async function collect(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function demandCompleted({ monitor, stderr }: Emulator): Promise<void> {
  for (;;) {
    const { status, "error-desc": reason = stderr.trim() } = await migrationOf(monitor);
    if (status === "completed") return;
    if (OVER.has(status)) throw new CaptureError(`QEMU ${status} to save: ${reason}`);
    await sleep(POLL_MS);
  }
}
