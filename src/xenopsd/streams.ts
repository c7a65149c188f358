/**
 * Requests of another host whose bodies are streams, by their paths.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenopsd.ml. Receivers keep the paths of older senders.
 *
 * @module
 */
import { XenopsError } from "../xenops_interface/mod.ts";
import type { Channel } from "./channel.ts";
import type { Engine } from "./engine.ts";
import { handshake } from "./migrate.ts";
import type { Cookies } from "./peer.ts";

const VM = /^\/(?:migrate\/vm|services\/xenops\/memory)\/([^/]+)$/;
const MEMORY = /^\/migrate\/mem\/([^/]+)$/;

export function takeStream(engine: Engine, path: string, cookies: Cookies, channel: Channel): void {
  channel.isCompressed = cookies.has("compress");
  const memory = MEMORY.exec(path)?.[1];
  if (memory !== undefined) {
    engine.takeMemory(memory, channel);
    return;
  }
  const vm = VM.exec(path)?.[1];
  if (vm === undefined) {
    channel.send(handshake(new XenopsError("Internal_error", `Cannot find ${path}`)));
    channel.close();
    return;
  }
  const final = cookies.get("final_id") ?? vm;
  const op = { o: "VM_receive_memory", vm, final, cookies, channel } as const;
  engine.tasks.destroyOnFinish(engine.enqueue(op, cookies.get("dbg") ?? "migrate", "receive"));
}
