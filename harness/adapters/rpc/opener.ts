/**
 * The way to an adapter that a configuration names.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Limits, Target } from "../../configuration.ts";
import type { Open } from "./channel.ts";
import { ChildChannel } from "./child_channel.ts";
import { HttpChannel } from "./http_channel.ts";
import { SocketChannel } from "./socket_channel.ts";

export interface OpenerOptions {
  /** Folder that the command is relative to. */
  readonly folder: string;
  readonly limits: Limits;
  /** Folder where the temporary folders of its processes stay, if they do. */
  readonly keep?: string | undefined;
}

export function openerOf(target: Target, { folder, limits, keep }: OpenerOptions): Open {
  const { messageBytes: messageBytesMax } = limits;
  if ("socket" in target) {
    const path = resolve(folder, target.socket);
    return (listener) => new SocketChannel(path, messageBytesMax, listener);
  }
  if ("url" in target) return (listener) => new HttpChannel(target.url, messageBytesMax, listener);
  const { command, env = {} } = target;
  const child = { command, cwd: folder, env, limits, keep };
  return (listener) => new ChildChannel(child, listener);
}
