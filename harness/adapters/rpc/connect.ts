/**
 * Reaching an adapter as a configuration says.
 *
 * @module
 */
import type { Adapter } from "../../adapter.ts";
import type { Space } from "../../axis.ts";
import type { Limits, Target } from "../../configuration.ts";
import { AdapterFault, textOf } from "../../outcome.ts";
import { rpcAdapter } from "./adapter.ts";
import { Bridge } from "./bridge.ts";
import { bridgedAdapter } from "./bridged_adapter.ts";
import { crossed } from "./crossed.ts";
import type { Hello } from "./messages.ts";
import { openerOf } from "./opener.ts";
import { Pool } from "./pool.ts";
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
  /** What becomes of logs before; other files are not kept then, as nobody knows what they hold. */
  readonly change?: ((text: string) => string) | undefined;
  /** It is judged like a model: facets are asked for, and a served model answers them at once. */
  readonly atOnce?: boolean;
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
  const about = { timeoutMs, harness, logBytesMax, fresh };
  const { folder } = options;
  const keep = options.change === undefined ? options.keep : undefined;
  const opening = { folder, limits, keep };
  const pool = new Pool({ ...about, open: openerOf(target, opening) });
  try {
    const hello = await pool.hello();
    const described = rpcAdapter(pool, hello, options);
    const bridged = options.atOnce && isModel(hello);
    const bridge = bridged ? await Bridge.open(target, { ...about, ...opening }) : undefined;
    const adapter = bridge === undefined ? described : bridgedAdapter(described, hello, bridge);
    const { name, format = name, roles = {} } = hello;
    const hasCodec = Object.values(roles).some((all) => all.includes("codec"));
    const close = async () => {
      await bridge?.close();
      await pool.close();
    };
    return { adapter, space: spaceOf(hello), format, hasCodec, close };
  } catch (error) {
    await pool.close();
    throw new AdapterFault(`Cannot say hello to the adapter: ${textOf(error)}`);
  }
}

/** Only models that are served can copy their rigs. */
function isModel({ capabilities = [] }: Hello): boolean {
  return Array.isArray(capabilities) && capabilities.includes("rigs.fork");
}
