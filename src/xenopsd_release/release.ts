/**
 * One release of xenopsd: what its writer has and its reader takes, as data and small functions.
 *
 * Source: xen-api by its history: ocaml/xapi-idl/xen for fields, ocaml/xenopsd/lib/suspend_image.ml
 * for units, ocaml/xenopsd/xc/xenops_server_xen.ml for rules.
 *
 * @module
 */
import type { ReaderRules } from "../suspend_image/mod.ts";
import type { BuilderInfo, RpcDict } from "../xenops_interface/mod.ts";

/** Records whose fields have come one by one. */
export type RecordName = "metadata" | "vm" | "hvm" | "vbd" | "persistent";

export interface Release {
  readonly name: string;
  /** When its newest field came, as year and month. */
  readonly date: string;
  /** What it was the first to have. */
  readonly meaning: string;
  /** Fields of each record that came later: not written, and passed over when they are read. */
  readonly lacks: Readonly<Record<RecordName, readonly string[]>>;
  /** Kinds of guests that its reader knows; another one cannot be decoded. */
  readonly kinds: readonly BuilderInfo[0][];
  /** What it writes as the version of the runtime record of a VM that it starts. */
  readonly extraVersion: 0 | 1 | 2;
  /** How the disks of an HVM guest are called. */
  readonly diskPrefix: "hd" | "xvd";
  readonly image: ImageRules;
  /** What its sender of a migration does not tell, and its receiver does not hear. */
  readonly withoutCookies: ReadonlySet<string>;
  /** The file of a runtime record as it has it on disk, made of the newest form and back. */
  readonly file: FileForm;
  /** The PV platform device of a guest with this runtime record: device id and revision. */
  platformDevice(persistent: RpcDict): readonly [number, number];
}

export interface ImageRules {
  readonly layout: "v2" | "legacy";
  /** How it writes the state of a TPM; absent where no guest has one. */
  readonly tpmUnit?: "Swtpm0" | "Swtpm";
  readonly reader: ReaderRules;
}

export interface FileForm {
  /** `{"persistent": ...}` as the release writes it. */
  write(file: RpcDict): RpcDict;
  /** What the release makes of a file; a `NotUnderstoodError` when it demands what is not there. */
  read(file: RpcDict): RpcDict;
}

/** What differs from the release before; lists of fields are those that it is the first to have. */
export interface Changes extends Partial<Omit<Release, "lacks" | "image">> {
  readonly name: string;
  readonly date: string;
  readonly meaning: string;
  readonly adds?: Partial<Record<RecordName, readonly string[]>>;
  readonly image?: Partial<ImageRules>;
}

/** The release after `before`. */
export function after(before: Release, changes: Changes): Release {
  const { adds = {}, image = {}, ...rest } = changes;
  const without = (name: RecordName) =>
    before.lacks[name].filter((field) => !(adds[name] ?? []).includes(field));
  const lacks = {
    metadata: without("metadata"),
    vm: without("vm"),
    hvm: without("hvm"),
    vbd: without("vbd"),
    persistent: without("persistent"),
  };
  return { ...before, ...rest, lacks, image: { ...before.image, ...image } };
}
