/**
 * Bodies of records: fields to octets. The other side of `record_reader.ts`.
 *
 * @module
 */
import type { OctetView } from "../bytes/octet_view.ts";
import { WriteError } from "./error.ts";
import { aligned, type Shape } from "./layout.ts";
import { ReadNode } from "./node.ts";
import {
  type ConnectionData,
  type NodeData,
  type Quota,
  RECORD_TYPES,
  type StreamRecord,
} from "./record.ts";

const U16_MAX = 0xffff;
const U32_MAX = 0xffff_ffff;

/** The number of a record's type. */
export function typeOf(record: StreamRecord): number {
  if (record.kind === "UNKNOWN" || record.kind === "DAMAGED") return record.type;
  return RECORD_TYPES[record.kind];
}

/** Octets that the fields of a record take, without padding at the end. */
export function bodySize(record: StreamRecord, { layout, watchHead }: Shape): number {
  const isDraft = layout === "draft";
  switch (record.kind) {
    case "END":
      return 0;
    case "GLOBAL_DATA":
    case "TRANSACTION_DATA":
      return 8;
    case "CONNECTION_DATA":
      return connectionSize(record, isDraft);
    case "WATCH_DATA":
      return 8 + record.path.length + record.token.length + 2;
    case "WATCH_DATA_EXTENDED":
      return watchHead + record.path.length + record.token.length + 2;
    case "NODE_DATA":
      // Its lengths stand in it, and texts of paths are dear.
      if (record instanceof ReadNode) return record.end - record.body;
      return 16 + 4 * record.perms.length + record.path.length + 1 + record.value.length;
    case "GLOBAL_QUOTA_DATA":
      return 4 + quotasSize(record.domainQuotas) + quotasSize(record.globalQuotas);
    case "DOMAIN_DATA":
      return 8 + quotasSize(record.quotas);
    case "UNKNOWN":
    case "DAMAGED":
      return record.body.length;
  }
}

function connectionSize({ inData, outData, uniqueId }: ConnectionData, isDraft: boolean): number {
  if (isDraft) return 28 + outData.length;
  const size = 24 + inData.length + outData.length;
  return uniqueId === undefined ? size : aligned(size) + 8;
}

function quotasSize(quotas: readonly Quota[]): number {
  return quotas.reduce((size, { name }) => size + 4 + name.length + 1, 0);
}

/** Writes the fields of a record to zeros at `at`. */
export class RecordWriter {
  readonly #view: OctetView;
  readonly #shape: Shape;
  readonly #isDraft: boolean;

  constructor(view: OctetView, shape: Shape) {
    this.#view = view;
    this.#shape = shape;
    this.#isDraft = shape.layout === "draft";
  }

  write(record: StreamRecord, at: number): void {
    const { kind } = record;
    switch (kind) {
      case "END":
        return;
      case "GLOBAL_DATA":
        this.#fd(at, record.rwSocketFd, "rw_socket_fd");
        if (this.#isDraft) this.#fd(at + 4, record.roSocketFd, "ro_socket_fd");
        else this.#fd(at + 4, record.evtchnFd, "evtchn_fd");
        return;
      case "CONNECTION_DATA":
        this.#connection(record, at);
        return;
      case "WATCH_DATA":
        this.#watch(record, at, 8);
        return;
      case "WATCH_DATA_EXTENDED":
        this.#demandLater(kind);
        if (this.#shape.watchHead !== 8) this.#u16(at + 8, record.depth ?? U16_MAX, "depth");
        this.#watch(record, at, this.#shape.watchHead);
        return;
      case "TRANSACTION_DATA":
        this.#u32(at, record.connId, "conn_id");
        this.#u32(at + 4, record.txId, "tx_id");
        return;
      case "NODE_DATA":
        this.#node(record, at);
        return;
      case "GLOBAL_QUOTA_DATA": {
        this.#demandLater(kind);
        const { domainQuotas, globalQuotas } = record;
        this.#u16(at, domainQuotas.length, "n_dom");
        this.#u16(at + 2, globalQuotas.length, "n_glob");
        this.#quotas([...domainQuotas, ...globalQuotas], at + 4);
        return;
      }
      case "DOMAIN_DATA":
        this.#demandLater(kind);
        this.#u16(at, record.domid, "domid");
        this.#u16(at + 2, record.quotas.length, "n_quota");
        this.#u32(at + 4, record.features, "features");
        this.#quotas(record.quotas, at + 8);
        return;
      case "UNKNOWN":
      case "DAMAGED":
        this.#view.octets.set(record.body, at);
    }
  }

  #connection(record: ConnectionData, at: number): void {
    const { spec, inData, outData, uniqueId, outRespLen } = record;
    this.#u32(at, record.connId, "conn_id");
    const isMarked = uniqueId !== undefined && !this.#isDraft;
    this.#u16(at + 6, this.#isDraft ? record.fields : fieldsOf(record.fields, isMarked), "fields");
    this.#spec(spec, at);
    if (this.#isDraft) {
      if (inData.length > 0) throw lost("CONNECTION_DATA.in_data", "the draft has no place for it");
      this.#u32(at + 24, outData.length, "data_len");
      this.#view.octets.set(outData, at + 28);
      return;
    }
    this.#u16(at + 16, inData.length, "in_data_len");
    this.#u16(at + 18, outRespLen, "out_resp_len");
    this.#u32(at + 20, outData.length, "out_data_len");
    this.#view.octets.set(inData, at + 24);
    this.#view.octets.set(outData, at + 24 + inData.length);
    if (uniqueId === undefined) return;
    this.#view.putU64(at + aligned(24 + inData.length + outData.length), uniqueId);
  }

  #spec(spec: ConnectionData["spec"], at: number): void {
    if (spec.type === "ring") {
      this.#u16(at + 8, spec.domid, "domid");
      this.#u16(at + 10, spec.tdomid, "tdomid");
      this.#u32(at + 12, spec.evtchn, "evtchn");
      if (this.#isDraft) this.#view.putU64(at + 16, spec.mfn ?? 2n ** 64n - 1n);
      return;
    }
    this.#u16(at + 4, spec.type === "socket" ? 1 : spec.connType, "conn_type");
    if (spec.type === "socket") {
      this.#fd(at + 8, spec.fd, "socket_fd");
      return;
    }
    const size = this.#isDraft ? 16 : 8;
    if (spec.octets.length !== size) {
      throw lost("CONNECTION_DATA.conn_spec", `it must have ${size} octets`);
    }
    this.#view.octets.set(spec.octets, at + 8);
  }

  #watch(record: { connId: number; path: string; token: string }, at: number, head: number) {
    const { path, token } = record;
    this.#u32(at, record.connId, "conn_id");
    this.#u16(at + 4, path.length + 1, "wpath_len");
    this.#u16(at + 6, token.length + 1, "token_len");
    this.#view.putText(at + head, path);
    this.#view.putText(at + head + path.length + 1, token);
  }

  #node({ connId, txId, access, perms, path, value }: NodeData, at: number): void {
    this.#u32(at, connId, "conn_id");
    this.#u32(at + 4, txId, "tx_id");
    this.#u16(at + (this.#isDraft ? 8 : 12), access, "access");
    this.#u16(at + (this.#isDraft ? 10 : 14), perms.length, "perm_count");
    let permAt = at + (this.#isDraft ? 12 : 16);
    for (const { perm, flags, domid } of perms) {
      this.#view.putText(permAt, perm);
      this.#view.octets[permAt + 1] = flags;
      this.#u16(permAt + 2, domid, "perm.domid");
      permAt += 4;
    }
    const lengths = this.#isDraft ? permAt : at + 8;
    this.#u16(lengths, path.length + 1, "path_len");
    this.#u16(lengths + 2, value.length, "value_len");
    const pathAt = this.#isDraft ? permAt + 4 : permAt;
    this.#view.putText(pathAt, path);
    this.#view.octets.set(value, pathAt + path.length + 1);
  }

  #quotas(quotas: readonly Quota[], at: number): void {
    let nameAt = at + 4 * quotas.length;
    quotas.forEach(({ name, value }, index) => {
      this.#u32(at + 4 * index, value, "quota");
      this.#view.putText(nameAt, name);
      nameAt += name.length + 1;
    });
  }

  #demandLater(kind: string): void {
    if (this.#isDraft) throw lost(kind, "the draft has no such record");
  }

  #u16(at: number, value: number, field: string): void {
    demand(value, 0, U16_MAX, field);
    this.#view.putU16(at, value);
  }

  #u32(at: number, value: number, field: string): void {
    demand(value, 0, U32_MAX, field);
    this.#view.putU32(at, value);
  }

  #fd(at: number, value: number, field: string): void {
    demand(value, -(2 ** 31), 2 ** 31 - 1, field);
    this.#view.putU32(at, value);
  }
}

/** `fields` with the bit that says whether there is a unique id. */
function fieldsOf(fields: number, isMarked: boolean): number {
  return isMarked ? fields | 1 : fields & ~1;
}

function demand(value: number, min: number, max: number, field: string): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new WriteError(
    `Cannot write ${field} as an integer up to ${max}: current value is ${value}`,
  );
}

function lost(field: string, reason: string): WriteError {
  return new WriteError(`Cannot write ${field}: ${reason}`);
}
