/**
 * Reaching an adapter as a configuration says.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Adapter } from "../../adapter.ts";
import type { Space } from "../../axis.ts";
import type { Limits, Target } from "../../configuration.ts";
import { AdapterFault, textOf } from "../../outcome.ts";
import { rpcAdapter } from "./adapter.ts";
import type { Open } from "./channel.ts";
import { ChildChannel } from "./child_channel.ts";
import { crossed } from "./crossed.ts";
import { HttpChannel } from "./http_channel.ts";
import { Pool } from "./pool.ts";
import { SocketChannel } from "./socket_channel.ts";
import { spaceOf } from "./space.ts";

export interface ConnectOptions {
  /** Folder that the command is relative to. */
  readonly folder: string;
  readonly harness: string;
  readonly timeoutMs: number;
  readonly jobs: number;
  readonly limits: Limits;
  /** Folder where logs are kept, if they are. */
  readonly keep?: string | undefined;
}

const LOG_BYTES_MAX = 16 * 1024 * 1024;

/** An adapter that has said hello. */
export interface Connected {
  readonly adapter: Adapter;
  readonly space: Space;
  readonly format: string;
  /** Some release of it can read and write states without a machine. */
  readonly hasCodec: boolean;
  close(): Promise<void>;
}

/** Reaches several adapters, and crosses them. */
export async function connectAll(
  targets: Readonly<Record<string, Target>>,
  options: ConnectOptions,
): Promise<Connected> {
  const parts: Record<string, Connected> = {};
  const close = async () => {
    await Promise.all(Object.values(parts).map((part) => part.close()));
  };
  try {
    for (const [name, target] of Object.entries(targets)) {
      parts[name] = await connectAdapter(target, options);
    }
    const hasCodec = Object.values(parts).some((part) => part.hasCodec);
    return { ...crossed(parts), hasCodec, close };
  } catch (error) {
    await close();
    throw error instanceof AdapterFault ? error : new AdapterFault(textOf(error));
  }
}

/** Starts or reaches the adapter at `target`. What it does wrong is an {@linkcode AdapterFault}. */
export async function connectAdapter(target: Target, options: ConnectOptions): Promise<Connected> {
  const { harness, timeoutMs, limits } = options;
  const { logBytes: logBytesMax = LOG_BYTES_MAX } = limits;
  const fresh = "command" in target && target.fresh === true;
  const open = openerOf(target, options);
  const pool = new Pool({ open, timeoutMs, harness, logBytesMax, fresh });
  try {
    const hello = await pool.hello();
    const adapter = rpcAdapter(pool, hello, options);
    const { name, format = name, roles = {} } = hello;
    const hasCodec = Object.values(roles).some((all) => all.includes("codec"));
    return { adapter, space: spaceOf(hello), format, hasCodec, close: () => pool.close() };
  } catch (error) {
    await pool.close();
    throw new AdapterFault(`Cannot say hello to the adapter: ${textOf(error)}`);
  }
}

function openerOf(target: Target, { folder, limits }: ConnectOptions): Open {
  const { messageBytes: messageBytesMax, memoryBytes: memoryBytesMax } = limits;
  if ("socket" in target) {
    const path = resolve(folder, target.socket);
    return (listener) => new SocketChannel(path, messageBytesMax, listener);
  }
  if ("url" in target) return (listener) => new HttpChannel(target.url, messageBytesMax, listener);
  const { command, env = {} } = target;
  const child = { command, cwd: folder, env, messageBytesMax, memoryBytesMax };
  return (listener) => new ChildChannel(child, listener);
}
