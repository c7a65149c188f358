/**
 * The sender's side of a migration.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml and xenops_migrate.ml. Until the domain is
 * suspended, whatever fails leaves it as it is; from there on, the VM is either at the receiver or
 * off.
 *
 * @module
 */
import { XenopsError } from "../xenops_interface/mod.ts";
import { Channel, type Message } from "./channel.ts";
import { decompose } from "./decompose.ts";
import type { Engine } from "./engine.ts";
import { readHandshake, writeHandshake } from "./handshake.ts";
import { exportVm } from "./import_vm.ts";
import { needBuilt } from "./need_domain.ts";
import type { Atomic, Leaf, Migrate } from "./operation.ts";
import type { Cookies, Peer } from "./peer.ts";
import { removeVm } from "./remove_vm.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { tapStream } from "./tap.ts";
import { sourceId, targetId } from "./temporary_id.ts";
import { powerState } from "./vm_state.ts";

/** Performs atoms as part of the operation. */
export type Perform = (atoms: readonly Atomic[]) => Run<unknown>;

export function* migrateVm(site: Site, op: Migrate, perform: Perform): Run<undefined> {
  const { engine } = site;
  const { vm, url } = op;
  if (engine.quirks.has("X6-no-migrate")) throw new XenopsError("Unimplemented", "VM.migrate");
  needBuilt(engine, vm);
  const peer = find(engine, url);
  const left = sourceId(vm);
  engine.redirector.alias(vm, left);
  yield* perform([{ a: "VM_hook_script", vm, hook: "vm-pre-migrate", reason: "none" }]);
  const isRenamed = !engine.release.withoutCookies.has("final_id");
  const remote = isRenamed ? targetId(vm) : vm;
  yield* sendMetadata(site, op, peer, remote);
  const cookies = cookiesFor(engine, op);
  const isOld = !cookies.has("mem_migration");
  const folder = isOld ? "/services/xenops/memory" : "/migrate/vm";
  const control = open(engine, peer, `${folder}/${remote}`, cookies);
  let memory = control;
  try {
    yield* expect(site, control, url);
    engine.tasks.progress(site.task, 0.1);
    memory = yield* openMemory(site, op, peer, remote, cookies, control);
    const leaves: Leaf[] = [{ a: "VM_save", vm, disk: memory }];
    if (isRenamed) leaves.push({ a: "VM_rename", vm, to: left });
    yield* perform(leaves);
    engine.tasks.progress(site.task, 0.9);
    control.send(handshake(undefined));
    // The VM is the receiver's now: what it answers does not undo that.
    yield* control.receive();
    yield* leave(site, isRenamed ? left : vm, perform);
    engine.tasks.progress(site.task, 1);
  } finally {
    for (const channel of [memory, control]) {
      channel.close();
      engine.channels.delete(channel);
    }
  }
}

function find({ network }: Engine, url: string): Peer {
  const peer = network?.find(url);
  if (peer === undefined) throw new XenopsError("Failed_to_contact_remote_service", url);
  return peer;
}

function* sendMetadata(site: Site, op: Migrate, peer: Peer, remote: string): Run<void> {
  const text = exportVm(site.engine, op.vm, op).replaceAll(op.vm, remote);
  const params = { debug_info: site.task.dbg, metadata: text };
  const call = peer.call("VM.import_metadata", params);
  if (call.state === "waiting") {
    const [mine, theirs] = Channel.pair();
    call.onSettled = () => theirs.close();
    peer.onEnd(() => theirs.close());
    yield* mine.receive();
  }
  if (call.error !== undefined) throw call.error;
  if (call.state !== "done") throw new XenopsError("Failed_to_contact_remote_service", op.url);
}

/** What tells the receiver how it is done; a sender of before leaves out what it does not know. */
function cookiesFor(engine: Engine, { vm, compress }: Migrate): Cookies {
  const dom = needBuilt(engine, vm);
  const cookies = new Map([
    ["instance_id", engine.instanceId],
    ["final_id", vm],
    ["dbg", "migrate"],
    ["mem_migration", "1"],
    ["memory_limit", `${dom.memory_limit}`],
    ["memory_total_source", `${dom.memory_actual}`],
  ]);
  if (compress) cookies.set("compress", "zstd");
  if (engine.db.deviceNames("vgpu", vm).length > 0) cookies.set("vgpu_migration", "1");
  for (const name of engine.release.withoutCookies) cookies.delete(name);
  return cookies;
}

function open(engine: Engine, peer: Peer, path: string, cookies: Cookies): Channel {
  const [mine, theirs] = Channel.pair();
  mine.isCompressed = cookies.has("compress");
  engine.channels.add(mine);
  const tap = engine.network?.tap;
  if (tap !== undefined) tapStream(tap, path, cookies, { sender: mine, receiver: theirs });
  peer.put(path, cookies, theirs);
  return mine;
}

/** Memory goes over a connection of its own; before that it went over the first one. */
function* openMemory(
  site: Site,
  { url }: Migrate,
  peer: Peer,
  remote: string,
  cookies: Cookies,
  control: Channel,
): Run<Channel> {
  if (!cookies.has("mem_migration")) return control;
  const memory = open(site.engine, peer, `/migrate/mem/${remote}`, cookies);
  control.onClose = () => memory.close();
  yield* expect(site, memory, url);
  control.send(handshake(undefined));
  return memory;
}

/** Waits for success; whoever cancels meanwhile closes the connection. */
function* expect(site: Site, channel: Channel, url: string): Run<void> {
  const message = yield* site.task.withCancel(() => channel.close(), channel.receive());
  site.task.checkCancelling();
  if (message === undefined) throw new XenopsError("Failed_to_contact_remote_service", url);
  const error = readHandshake(message.octets);
  if (error !== undefined) throw error;
}

export function handshake(error: XenopsError | undefined): Message {
  return { kind: "handshake", octets: writeHandshake(error), isLast: true };
}

/** Nothing of the VM stays here. */
function* leave(site: Site, vm: string, perform: Perform): Run<void> {
  const { engine } = site;
  const hook = (name: string): Leaf => ({ a: "VM_hook_script", vm, hook: name, reason: "migrate" });
  const shutdown = { o: "VM_shutdown", vm, delay: undefined } as const;
  const atoms = decompose(shutdown, engine.db, engine.quirks);
  yield* perform([hook("vm-pre-destroy"), ...atoms, hook("vm-post-destroy")]);
  if (powerState(engine, vm) === "Halted") yield* removeVm(site, vm);
}
