/**
 * The leaves that save a domain to a suspend image and make one from it.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml; ocaml/xenopsd/lib/suspend_image.ml. A VM
 * counts as suspended from the moment that the size of its image is in the runtime record; that is
 * written when the image is whole.
 *
 * @module
 */

import {
  contentsOf,
  type Image,
  imageOf,
  readImage,
  SuspendImageError,
} from "../suspend_image/mod.ts";
import { type Disk, VM, type Vm, writeJson, XenopsError } from "../xenops_interface/mod.ts";
import { demandBuildInfo, VM_EXTRA, type VmExtra } from "../xenopsd_record/mod.ts";
import { Channel } from "./channel.ts";
import { extraPath } from "./database.ts";
import type { Dom } from "./dom.ts";
import { diskName } from "./hypervisor.ts";
import { needBuilt, needDom } from "./need_domain.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { readFrame, writeFrame } from "./zstd_frame.ts";

/** Octets that are written before the process can be struck again. */
const PIECE = 4096;

/** The domain stands still, and its image is on the disk. */
export function* saveDomain(site: Site, vm: string, disk: Disk | Channel): Run<undefined> {
  const { engine } = site;
  const { hv } = engine.world;
  const dom = needBuilt(engine, vm);
  const config = engine.db.vm(vm);
  const extra = extraOf(site, vm);
  yield* suspendDomain(site, dom);
  if (disk instanceof Channel) {
    yield* sendImage(site, savedDomain(site, dom, config), disk);
    return;
  }
  if (!engine.quirks.has("X8-no-image")) {
    const octets = savedDomain(site, dom, config);
    for (let end = 0; end < octets.length; end += PIECE) {
      hv.writeImage(disk, octets.subarray(0, end));
      yield site.mid(`image ${end}`);
    }
    hv.writeImage(disk, octets);
    yield site.mid("image");
  }
  const saved = { ...extra, suspend_memory_bytes: dom.memory_actual };
  yield* site.write(extraPath(vm), saved, VM_EXTRA, "extra");
}

/** Piece by piece, compressed if the receiver was told so. */
function* sendImage(site: Site, octets: Uint8Array, channel: Channel): Run<void> {
  const whole = channel.isCompressed ? writeFrame(octets) : octets;
  for (let start = 0; start < whole.length; start += PIECE) {
    const isLast = start + PIECE >= whole.length;
    channel.send({ kind: "memory", octets: whole.subarray(start, start + PIECE), isLast });
    yield site.mid(`sent ${start}`);
  }
  if (channel.isClosed) throw new XenopsError("Failed_to_contact_remote_service", "memory");
}

/** All that comes; what is cut off is no whole image, and the reader says so. */
function* receiveImage(channel: Channel): Run<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const message = yield* channel.receive();
    if (message === undefined) break;
    pieces.push(message.octets);
    if (message.isLast) break;
  }
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return channel.isCompressed && whole.length > 0 ? readFrame(whole) : whole;
}

/** From here on, to stop would leave a domain that nobody can go on with. */
function* suspendDomain(site: Site, dom: Dom): Run<void> {
  const { engine } = site;
  engine.tasks.prohibitCancellation(site.task);
  yield site.mid("request");
  engine.world.hv.set(dom, { shutdown: 2, paused: true });
  yield site.mid("suspended");
}

export function* restoreDomain(site: Site, vm: string, disk: Disk | Channel): Run<undefined> {
  const { engine } = site;
  const dom = needDom(engine, vm);
  const extra = extraOf(site, vm);
  demandBuildInfo(extra, vm);
  const octets = disk instanceof Channel ? yield* receiveImage(disk) : onDisk(site, disk);
  const state = engine.quirks.has("X8-no-image") ? {} : restoredDomain(site, octets);
  yield site.mid("read");
  engine.world.hv.set(dom, { built: true, memory_actual: dom.memory_target, ...state });
  yield site.mid("memory");
  const woken = { ...extra, suspend_memory_bytes: 0n };
  yield* site.write(extraPath(vm), woken, VM_EXTRA, "extra");
}

function onDisk({ engine }: Site, disk: Disk): Uint8Array {
  const octets = engine.world.hv.images.get(diskName(disk));
  if (octets !== undefined) return octets;
  if (engine.quirks.has("X8-no-image")) return new Uint8Array(0);
  throw new XenopsError("Internal_error", `Cannot open ${diskName(disk)}: there is no image`);
}

function extraOf({ engine }: Site, vm: string): VmExtra {
  const extra = engine.db.extra(vm);
  if (extra === undefined) throw new XenopsError("Does_not_exist", ["extra", vm]);
  return extra;
}

/** All that makes the domain what it is. */
function savedDomain({ engine }: Site, dom: Dom, vm: Vm): Uint8Array {
  const time = new Date(engine.clock.nowMs).toISOString().replaceAll("-", "");
  const record = {
    time: time.replace(/\.\d+/, ""),
    word_size: 64,
    vm_str: writeJson(VM.encode(vm)),
    xs_subtree: dom.xsdata,
  };
  const { hvm, guestRam, nvram, tpm, qemu } = dom;
  const contents = {
    record,
    isHvm: hvm,
    memory: guestRam,
    ...(nvram === undefined ? {} : { nvram }),
    ...(tpm === undefined ? {} : { tpm }),
    ...(qemu === undefined ? {} : { qemu }),
  };
  return imageOf(contents, engine.release.tpmUnit);
}

/** What a domain gets from an image; what is none is an error of the interface. */
function restoredDomain({ engine }: Site, octets: Uint8Array): Partial<Dom> {
  let image: Image;
  try {
    image = readImage(octets, engine.release.imageRules);
  } catch (error) {
    if (!(error instanceof SuspendImageError)) throw error;
    throw new XenopsError("Internal_error", error.message);
  }
  const { memory, nvram, tpm, qemu } = contentsOf(image);
  // The stream of before there were units is converted, and none of the memory is lost by it.
  const legacy = image.units.find(({ name }) => name === "Libxc_legacy");
  return { guestRam: legacy?.record ?? memory, nvram, tpm, qemu };
}
