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
    const stream = new Promise<Uint8Array>((resolve, reject) => {
      server.once("connection", (socket) => void collect(socket).then(resolve, reject));
    });
    // When it is refused, nobody ever connects.
    stream.catch(() => {});
    await turnOn(emulator, capabilities);
    const over = monitor.when("MIGRATION", ({ status }) => OVER.has(status));
    over.catch(() => {});
    await monitor.execute("migrate", { uri: `unix:${path}` });
    using deadline = new Deadline(SAVE_MS);
    const ended = await Promise.race([over, deadline.passed]);
    if (ended === undefined) {
      throw new HungError(`hang: the save is not over: ${cleaned(emulator.stderr)}`);
    }
    const { status } = ended;
    if (status === "completed") return await stream;
    const { "error-desc": reason = emulator.stderr.trim() } = await migrationOf(monitor);
    throw new CaptureError(`QEMU ${status} to save: ${reason}`);
  } finally {
    server.close();
  }
}

async function turnOn(emulator: Emulator, names: readonly string[]): Promise<void> {
  await emulator.telling;
  if (names.length === 0) return;
  const capabilities = names.map((capability) => ({ capability, state: true }));
  await emulator.monitor.execute("migrate-set-capabilities", { capabilities });
}

/** All that comes, copied once. */
function collect(socket: Socket): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    socket.on("data", (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
    });
    socket.once("error", reject);
    socket.once("close", () => {
      const all = new Uint8Array(length);
      let at = 0;
      for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
      }
      resolve(all);
    });
  });
}
