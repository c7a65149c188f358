/**
 * Reaching an adapter as a configuration says.
 *
 * @module
 */
import type { Adapter } from "../../adapter.ts";
import type { Space } from "../../axis.ts";
import type { Target } from "../../configuration.ts";
import { AdapterFault, textOf } from "../../outcome.ts";
import { rpcAdapter } from "./adapter.ts";
import type { Listener } from "./channel.ts";
import { ChildChannel } from "./child_channel.ts";
import { Pool } from "./pool.ts";
import { spaceOf } from "./space.ts";

export interface ConnectOptions {
  /** Folder that the command is relative to. */
  readonly folder: string;
  readonly harness: string;
  readonly timeoutMs: number;
  readonly jobs: number;
}

/** An adapter that has said hello. */
export interface Connected {
  readonly adapter: Adapter;
  readonly space: Space;
  readonly format: string;
  close(): Promise<void>;
}

/** Starts or reaches the adapter at `target`. What it does wrong is an {@linkcode AdapterFault}. */
export async function connectAdapter(target: Target, options: ConnectOptions): Promise<Connected> {
  const { harness, timeoutMs, jobs } = options;
  const pool = new Pool({ open: openerOf(target, options), timeoutMs, harness });
  try {
    const hello = await pool.hello();
    const adapter = rpcAdapter(pool, hello, jobs);
    const { name, format = name } = hello;
    return { adapter, space: spaceOf(hello), format, close: () => pool.close() };
  } catch (error) {
    await pool.close();
    throw new AdapterFault(`Cannot say hello to the adapter: ${textOf(error)}`);
  }
}

function openerOf({ command, env }: Target, { folder }: ConnectOptions) {
  const child = { command, cwd: folder, ...(env === undefined ? {} : { env }) };
  return (listener: Listener) => new ChildChannel(child, listener);
}
