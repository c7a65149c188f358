/**
 * Reads the stream of a machine from a file or from standard input, as it comes.
 *
 * @module
 */
import { opened } from "./input.ts";
import type { MachineFormat, MachineStream } from "./product.ts";
import type { Shell } from "./shell.ts";

export async function readMachine(
  format: MachineFormat,
  shell: Shell,
  path: string | undefined,
  keepsMemory = false,
): Promise<MachineStream> {
  const reader = format.reader(keepsMemory);
  for await (const octets of opened(shell, path)) reader.push(octets);
  return reader.end();
}
