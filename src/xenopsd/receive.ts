/**
 * The receiver's side of a migration.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml and xenops_migrate.ml. The domain is marked
 * until it runs, under an id that is not its own until the sender has let go of it.
 *
 * @module
 */
import { errorOf, XenopsError } from "../xenops_interface/mod.ts";
import type { Channel } from "./channel.ts";
import { decompose } from "./decompose.ts";
import { plugVifs } from "./device_atoms.ts";
import { readHandshake } from "./handshake.ts";
import { handshake, type Perform } from "./migrate.ts";
import type { ReceiveMemory } from "./operation.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";

export function* receiveVm(site: Site, op: ReceiveMemory, perform: Perform): Run<undefined> {
  const { engine } = site;
  const { vm, final, cookies, channel } = op;
  engine.redirector.alias(vm, final);
  try {
    if (engine.db.deviceNames("vgpu", vm).length > 0 && !cookies.has("vgpu_migration")) {
      throw new XenopsError("Internal_error", "Cannot take a vGPU: there is no cookie for it");
    }
    channel.send(handshake(undefined));
    const memory = yield* memoryOf(site, op);
    yield* perform([
      { a: "VM_create", vm, resume: true },
      ...plugVifs(engine.db, vm),
      { a: "VM_restore", vm, disk: memory },
    ]);
    yield* demandSuccess(channel, vm);
    if (final !== vm) yield* perform([{ a: "VM_rename", vm, to: final }]);
    const devices = { o: "VM_restore_devices", vm: final, migration: true } as const;
    yield* perform([
      ...decompose(devices, engine.db, engine.quirks),
      { a: "VM_unpause", vm: final },
      { a: "VM_set_domain_action_request", vm: final, request: undefined },
      { a: "VM_hook_script", vm: final, hook: "vm-post-migrate", reason: "none" },
    ]);
    channel.send(handshake(undefined));
  } catch (error) {
    channel.send(handshake(errorOf(error)));
    throw error;
  } finally {
    for (const it of [channel, engine.memoryChannels.get(vm) ?? channel]) {
      it.close();
      engine.channels.delete(it);
    }
    engine.memoryChannels.delete(vm);
  }
}

/** The connection for memory: its own, when the sender says so, and it is told that it is there. */
function* memoryOf(site: Site, { vm, cookies, channel }: ReceiveMemory): Run<Channel> {
  if (!cookies.has("mem_migration")) return channel;
  const { engine } = site;
  let memory = engine.memoryChannels.get(vm);
  if (memory === undefined && !channel.isClosed) {
    yield engine.memoryComes(vm, channel);
    memory = engine.memoryChannels.get(vm);
  }
  if (memory === undefined) throw new XenopsError("Failed_to_contact_remote_service", vm);
  memory.send(handshake(undefined));
  yield* demandSuccess(channel, vm);
  return memory;
}

/** Waits until the sender says that it goes on. */
function* demandSuccess(channel: Channel, vm: string): Run<void> {
  const message = yield* channel.receive();
  if (message === undefined) throw new XenopsError("Failed_to_contact_remote_service", vm);
  const error = readHandshake(message.octets);
  if (error !== undefined) throw error;
}
