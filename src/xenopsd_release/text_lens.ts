/**
 * JSON text as a release writes it, and as it reads it: files of the database, and metadata.
 *
 * Source: ocaml-rpc, rpcmarshal.ml. Keys that a release does not have are not written, and passed
 * over when they are read; a kind of guest that it does not have cannot be decoded.
 *
 * @module
 */
import {
  RpcDict,
  type RpcEntry,
  type RpcValue,
  readJson,
  writeJson,
} from "../xenops_interface/mod.ts";
import { NotUnderstoodError } from "./not_understood.ts";
import type { RecordName, Release } from "./release.ts";
import { MOVED } from "./split_file.ts";

/** What of the newest form the release has on disk or on the wire. */
export function written(release: Release, place: Place, text: string): string {
  const value = readJson(text);
  const isExtra = place === "extra" && value instanceof RpcDict;
  return writeJson(
    isExtra ? release.file.write(withoutKeys(release, value)) : known(release, place, value),
  );
}

/** What a release makes of text that somebody else has written, in the newest form. */
export function understood(release: Release, place: Place, text: string): string {
  const value = readJson(text);
  const isExtra = place === "extra" && value instanceof RpcDict;
  return writeJson(
    isExtra ? withoutKeys(release, release.file.read(value)) : known(release, place, value),
  );
}

/** Kinds of text, by where they are. */
export type Place = "config" | "vbd" | "extra" | "metadata" | "other";

/** The kind of a file by its path in the database. */
export function placeOf(path: readonly string[]): Place {
  const [table, , name = ""] = path;
  if (table === "extra") return "extra";
  if (name === "config") return "config";
  return name.startsWith("vbd.") ? "vbd" : "other";
}

function known(release: Release, place: Place, value: RpcValue): RpcValue {
  if (place === "metadata") return metadata(release, value);
  if (place === "config") return config(release, value);
  return place === "vbd" ? dropped(release, "vbd", value) : value;
}

function metadata(release: Release, value: RpcValue): RpcValue {
  const whole = dropped(release, "metadata", value);
  if (!(whole instanceof RpcDict)) return whole;
  return mapped(whole, {
    vm: (inner) => config(release, inner),
    vbds: (list) => (Array.isArray(list) ? list.map((vbd) => dropped(release, "vbd", vbd)) : list),
    domains: (text) =>
      typeof text === "string" ? writeJson(dropped(release, "persistent", readJson(text))) : text,
  });
}

function config(release: Release, value: RpcValue): RpcValue {
  const vm = dropped(release, "vm", value);
  if (!(vm instanceof RpcDict)) return vm;
  return mapped(vm, { ty: (ty) => kind(release, ty) });
}

/** A guest of a kind that the release has. */
function kind(release: Release, ty: RpcValue): RpcValue {
  const [tag, info] = Array.isArray(ty) ? (ty as readonly RpcValue[]) : [ty];
  if (!release.kinds.some((known) => known === tag)) {
    throw new NotUnderstoodError(`Cannot decode ty as a builder_info: current value is ${tag}`);
  }
  return tag === "HVM" && info !== undefined ? [tag, dropped(release, "hvm", info)] : ty;
}

/** The file of a runtime record with the fields that the release has in both of its parts. */
function withoutKeys(release: Release, extra: RpcDict): RpcDict {
  const keys = release.lacks.persistent.filter((key) => !MOVED.includes(key));
  return mapped(extra, { persistent: (inner) => withoutThese(inner, keys) });
}

function dropped(release: Release, name: RecordName, value: RpcValue): RpcValue {
  return withoutThese(value, release.lacks[name]);
}

function withoutThese(value: RpcValue, keys: readonly string[]): RpcValue {
  if (!(value instanceof RpcDict)) return value;
  return new RpcDict(value.entries.filter(([key]) => !keys.includes(key)));
}

function mapped(
  dict: RpcDict,
  changes: Readonly<Record<string, (value: RpcValue) => RpcValue>>,
): RpcDict {
  return new RpcDict(
    dict.entries.map(([key, value]): RpcEntry => [key, changes[key]?.(value) ?? value]),
  );
}
