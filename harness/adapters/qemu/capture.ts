/**
 * Saves a machine into octets: QEMU sends its stream to a socket of ours, so that its end is known
 * exactly.
 *
 * @module
 */
import { createServer, type Socket } from "node:net";
import { HungError } from "../../adapter.ts";
import { Deadline } from "./deadline.ts";
import { type Emulator, migrationOf, OVER } from "./emulator.ts";
import { cleaned } from "./words.ts";

/** How long a save may take; it takes 10 to 100 ms. */
const SAVE_MS = 25_000;

/** A migration that QEMU began and did not complete. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";
}

/** The stream of `emulator`, sent with `capabilities` on. A refusal is a `MonitorError`. */
export async function capture(
  emulator: Emulator,
  capabilities: readonly string[] = [],
): Promise<Uint8Array> {
  const { monitor } = emulator;
  const path = emulator.stream;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    const stream = new Promise<Buffer>((resolve, reject) => {
      server.once("connection", (socket) => void collect(socket).then(resolve, reject));
    });
    // When it is refused, nobody ever connects.
    stream.catch(() => {});
    await allow(emulator, capabilities);
    const over = monitor.when("MIGRATION", ({ status }) => OVER.has(status));
    over.catch(() => {});
    await monitor.execute("migrate", { uri: `unix:${path}` });
    using deadline = new Deadline(SAVE_MS);
    const ended = await Promise.race([over, deadline.passed]);
    if (ended === undefined) {
      throw new HungError(`hang: the save is not over: ${cleaned(emulator.stderr)}`);
    }
    const { status } = ended;
    if (status === "completed") return new Uint8Array(await stream);
    const { "error-desc": reason = emulator.stderr.trim() } = await migrationOf(monitor);
    throw new CaptureError(`QEMU ${status} to save: ${reason}`);
  } finally {
    server.close();
  }
}

/** Has QEMU tell of migrations as they go on, with `capabilities` on. */
export async function allow(
  { monitor }: Emulator,
  capabilities: readonly string[] = [],
): Promise<void> {
  await monitor.execute("migrate-set-capabilities", {
    capabilities: ["events", ...capabilities].map((capability) => ({ capability, state: true })),
  });
}

async function collect(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
