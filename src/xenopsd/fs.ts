/**
 * The files of the database: one value in each. They outlive the process and not the host.
 *
 * Values stay as they are and become text only for who asks for it, and text that somebody else
 * wrote is read when it is first wanted. A value is never changed, only replaced.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_utils.ml.
 *
 * @module
 */
import { type Codec, readJson, writeJson, XenopsError } from "../xenops_interface/mod.ts";
import { type Observer, tell } from "./observer.ts";

export type Path = readonly string[];

interface File {
  readonly codec: Codec<never> | undefined;
  value: unknown;
  text: string | undefined;
}

type Folder = Map<string, Folder | File>;

function isFolder(node: Folder | File | undefined): node is Folder {
  return node instanceof Map;
}

export class Fs {
  readonly #root: Folder = new Map();
  observers: readonly Observer[] = [];

  /** The value; undefined if there is none, or what there is is no JSON. */
  read<T>(path: Path, codec: Codec<T>): T | undefined {
    const file = this.#find(path);
    if (file === undefined || isFolder(file)) return undefined;
    if (file.codec === (codec as Codec<unknown>)) return file.value as T;
    return decode(path, file, codec);
  }

  has(path: Path): boolean {
    const node = this.#find(path);
    return node !== undefined && !isFolder(node);
  }

  /** Puts the value into a temporary file beside its place, where no reader looks. */
  stage<T>(path: Path, value: T, codec: Codec<T>): void {
    this.#put(stagePath(path), { codec: codec as Codec<never>, value, text: undefined });
  }

  /** Moves what was staged to its place, at once. */
  commit(path: Path): void {
    const staged = stagePath(path);
    const file = this.#find(staged);
    if (file === undefined || isFolder(file)) return;
    this.#remove(staged);
    this.#put(path, file);
  }

  /** Removes what was staged, and the folders that are empty without it. */
  unstage(path: Path): void {
    this.rm(stagePath(path));
  }

  write<T>(path: Path, value: T, codec: Codec<T>): void {
    this.#put(path, { codec: codec as Codec<never>, value, text: undefined });
  }

  /** Any text, such as a damaged one. */
  writeText(path: Path, text: string): void {
    this.#put(path, { codec: undefined, value: undefined, text });
  }

  /** As it is on the disk. */
  text(path: Path): string | undefined {
    const file = this.#find(path);
    if (file === undefined || isFolder(file)) return undefined;
    if (file.text === undefined && file.codec !== undefined) {
      file.text = writeJson((file.codec as Codec<unknown>).encode(file.value));
    }
    return file.text;
  }

  /** Removes the file, and the folders that are empty without it. */
  rm(path: Path): void {
    this.#remove(path);
    for (let depth = path.length - 1; depth > 0; depth--) {
      const above = path.slice(0, depth);
      const folder = this.#find(above);
      if (!isFolder(folder) || folder.size > 0) return;
      this.#folder(above.slice(0, -1))?.delete(above.at(-1) ?? "");
    }
  }

  /** Names in a folder, sorted as they were made. */
  ls(path: Path): readonly string[] {
    const folder = this.#folder(path);
    return folder === undefined ? [] : [...folder.keys()];
  }

  /** The paths of all files. */
  *files(): Generator<Path> {
    yield* filesOf(this.#root, []);
  }

  /** An independent copy. */
  fork(): Fs {
    const fork = new Fs();
    copyInto(this.#root, fork.#root);
    return fork;
  }

  clear(): void {
    this.#root.clear();
  }

  #find(path: Path): Folder | File | undefined {
    let node: Folder | File | undefined = this.#root;
    for (const name of path) {
      if (!isFolder(node)) return undefined;
      node = node.get(name);
    }
    return node;
  }

  #folder(path: Path): Folder | undefined {
    const node = this.#find(path);
    return isFolder(node) ? node : undefined;
  }

  #put(path: Path, file: File): void {
    let folder = this.#root;
    for (let i = 0; i < path.length - 1; i++) {
      const name = path[i] as string;
      let next = folder.get(name);
      if (!isFolder(next)) {
        next = new Map();
        folder.set(name, next);
      }
      folder = next;
    }
    const name = path.at(-1) ?? "";
    const before = folder.get(name);
    folder.set(name, file);
    const old = isFolder(before) ? undefined : (before?.value ?? before?.text);
    tell(this.observers, "onFs", path, old, file.value ?? file.text);
  }

  #remove(path: Path): void {
    const folder = this.#folder(path.slice(0, -1));
    const name = path.at(-1) ?? "";
    const file = folder?.get(name);
    if (folder === undefined || file === undefined || isFolder(file)) return;
    folder.delete(name);
    tell(this.observers, "onFs", path, file.value ?? file.text, undefined);
  }
}

function stagePath(path: Path): Path {
  return [...path.slice(0, -1), `.${path.at(-1)}.tmp`];
}

function decode<T>(path: Path, file: File, codec: Codec<T>): T | undefined {
  let rpc: ReturnType<typeof readJson>;
  try {
    rpc =
      file.codec === undefined
        ? readJson(file.text ?? "")
        : (file.codec as Codec<unknown>).encode(file.value);
  } catch {
    return undefined;
  }
  try {
    const value = codec.decode(rpc);
    Object.assign(file, { codec, value });
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new XenopsError("Internal_error", `Cannot read ${path.join("/")}: ${reason}`);
  }
}

function* filesOf(folder: Folder, path: Path): Generator<Path> {
  for (const [name, node] of folder) {
    if (isFolder(node)) yield* filesOf(node, [...path, name]);
    else yield [...path, name];
  }
}

function copyInto(from: Folder, to: Folder): void {
  for (const [name, node] of from) {
    if (!isFolder(node)) {
      to.set(name, node);
      continue;
    }
    const folder: Folder = new Map();
    to.set(name, folder);
    copyInto(node, folder);
  }
}
