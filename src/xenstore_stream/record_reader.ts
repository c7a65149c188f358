/**
 * Bodies of records: octets to fields. What is ignored and not zero is remembered. A body that
 * cannot be read is a {@linkcode StreamError}.
 *
 * @module
 */
import type { OctetView } from "../bytes/octet_view.ts";
import { StreamError } from "./error.ts";
import { type Frame, nameOfType, usualLength } from "./frame.ts";
import { aligned, RECORD_HEADER_SIZE, type Shape } from "./layout.ts";
import { NODE_HEAD_SIZE, ReadNode } from "./node.ts";
import {
  type ConnectionData,
  type Framed,
  type Kept,
  type Quota,
  RECORD_TYPES,
  type StreamRecord,
} from "./record.ts";

export class RecordReader {
  readonly #view: OctetView;
  readonly #shape: Shape;
  readonly #isDraft: boolean;

  constructor(view: OctetView, shape: Shape) {
    this.#view = view;
    this.#shape = shape;
    this.#isDraft = shape.layout === "draft";
  }

  read(frame: Frame): StreamRecord {
    const { type, body } = frame;
    if (type === RECORD_TYPES.NODE_DATA) return this.#node(frame);
    if (this.#isDraft && type > RECORD_TYPES.NODE_DATA) return this.#unknown(frame);
    const view = this.#view;
    switch (type) {
      case RECORD_TYPES.END:
        return { kind: "END", ...this.#framed(frame, body) };
      case RECORD_TYPES.GLOBAL_DATA:
        return this.#global(frame);
      case RECORD_TYPES.CONNECTION_DATA:
        return this.#connection(frame);
      case RECORD_TYPES.WATCH_DATA:
        return { kind: "WATCH_DATA", ...this.#watch(frame, 8) };
      case RECORD_TYPES.TRANSACTION_DATA: {
        const end = this.#need(frame, 8, "tx_id");
        const ids = { connId: view.u32(body), txId: view.u32(body + 4) };
        return { kind: "TRANSACTION_DATA", ...ids, ...this.#framed(frame, end) };
      }
      case RECORD_TYPES.GLOBAL_QUOTA_DATA:
        return this.#globalQuotas(frame);
      case RECORD_TYPES.DOMAIN_DATA:
        return this.#domain(frame);
      case RECORD_TYPES.WATCH_DATA_EXTENDED:
        return this.#extendedWatch(frame);
      default:
        return this.#unknown(frame);
    }
  }

  #unknown(frame: Frame): StreamRecord {
    const { type, body, len } = frame;
    const octets = this.#view.octets.subarray(body, body + len);
    return { kind: "UNKNOWN", type, body: octets, ...this.#framed(frame, body + len) };
  }

  #global(frame: Frame): StreamRecord {
    const { body } = frame;
    const end = this.#need(frame, 8, "fds");
    const second = this.#view.i32(body + 4);
    return {
      kind: "GLOBAL_DATA",
      rwSocketFd: this.#view.i32(body),
      evtchnFd: this.#isDraft ? -1 : second,
      roSocketFd: this.#isDraft ? second : -1,
      ...this.#framed(frame, end),
    };
  }

  #connection(frame: Frame): ConnectionData {
    const view = this.#view;
    const { body } = frame;
    const kept: Kept[] = [];
    const head = this.#isDraft ? 28 : 24;
    this.#need(frame, head, "data_len");
    const inLength = this.#isDraft ? 0 : view.u16(body + 16);
    const outLength = view.u32(body + (this.#isDraft ? 24 : 20));
    const dataEnd = this.#need(frame, head + inLength + outLength, "data");
    const inEnd = body + head + inLength;
    const fields = view.u16(body + 6);
    const data = {
      inData: view.octets.subarray(body + head, inEnd),
      outRespLen: this.#isDraft ? 0 : view.u16(body + 18),
      outData: view.octets.subarray(inEnd, dataEnd),
    };
    const common = { kind: "CONNECTION_DATA", connId: view.u32(body), fields } as const;
    const spec = this.#spec(body, kept);
    if (this.#isDraft || (fields & 1) === 0) {
      return { ...common, spec, ...data, ...this.#framed(frame, dataEnd, kept) };
    }
    const idAt = aligned(dataEnd - body);
    const end = this.#need(frame, idAt + 8, "unique_id");
    this.#keep(kept, body, dataEnd, body + idAt);
    const uniqueId = view.u64(body + idAt);
    return { ...common, spec, ...data, uniqueId, ...this.#framed(frame, end, kept) };
  }

  #spec(body: number, kept: Kept[]): ConnectionData["spec"] {
    const view = this.#view;
    const connType = view.u16(body + 4);
    const end = body + (this.#isDraft ? 24 : 16);
    if (connType === 0) {
      const ring = { domid: view.u16(body + 8), tdomid: view.u16(body + 10) };
      const spec = { type: "ring", ...ring, evtchn: view.u32(body + 12) } as const;
      return this.#isDraft ? { ...spec, mfn: view.u64(body + 16) } : spec;
    }
    if (connType === 1) {
      this.#keep(kept, body, body + 12, end);
      return { type: "socket", fd: view.i32(body + 8) };
    }
    return { type: "reserved", connType, octets: view.octets.subarray(body + 8, end) };
  }

  #watch(frame: Frame, head: number, kept: Kept[] = []) {
    const view = this.#view;
    const { body } = frame;
    this.#need(frame, head, "token_len");
    const pathLength = view.u16(body + 4);
    const tokenLength = view.u16(body + 6);
    const pathAt = body + head;
    const tokenAt = pathAt + pathLength;
    const end = this.#need(frame, head + pathLength + tokenLength, "token");
    this.#demandNul(frame, pathAt, pathLength, "wpath");
    this.#demandNul(frame, tokenAt, tokenLength, "token");
    return {
      connId: view.u32(body),
      path: view.text(pathAt, tokenAt - 1),
      token: view.text(tokenAt, end - 1),
      ...this.#framed(frame, end, kept),
    };
  }

  #extendedWatch(frame: Frame): StreamRecord {
    const { body } = frame;
    const kept: Kept[] = [];
    const head = this.#shape.watchHead;
    this.#need(frame, head, "depth");
    if (head === 12) this.#keep(kept, body, body + 10, body + 12);
    const watch = this.#watch(frame, head, kept);
    const depth = head === 8 ? undefined : this.#view.u16(body + 8);
    return { kind: "WATCH_DATA_EXTENDED", ...watch, depth };
  }

  #node(frame: Frame): StreamRecord {
    const { body } = frame;
    this.#need(frame, NODE_HEAD_SIZE, "perm_count");
    if (this.#isDraft) {
      this.#need(frame, NODE_HEAD_SIZE + 4 * this.#view.u16(body + 10), "perms");
    }
    const node = new ReadNode(this.#view, body, this.#isDraft);
    const end = this.#need(frame, node.end - body, "value");
    this.#demandNul(frame, node.pathAt, node.pathLength, "path");
    if (frame.len === usualLength(frame.type, end - body, this.#shape)) {
      if (this.#view.isZero(end, frame.next)) return node;
    }
    const { length, kept } = this.#framed(frame, end);
    if (length !== undefined) node.length = length;
    if (kept !== undefined) node.kept = kept;
    return node;
  }

  #globalQuotas(frame: Frame): StreamRecord {
    const { body } = frame;
    this.#need(frame, 4, "counts");
    const domains = this.#view.u16(body);
    const count = domains + this.#view.u16(body + 2);
    const { quotas, end } = this.#quotas(frame, body + 4, count);
    const domainQuotas = quotas.slice(0, domains);
    const globalQuotas = quotas.slice(domains);
    const framed = this.#framed(frame, end);
    return { kind: "GLOBAL_QUOTA_DATA", domainQuotas, globalQuotas, ...framed };
  }

  #domain(frame: Frame): StreamRecord {
    const view = this.#view;
    const { body } = frame;
    this.#need(frame, 8, "features");
    const { quotas, end } = this.#quotas(frame, body + 8, view.u16(body + 2));
    const fields = { domid: view.u16(body), features: view.u32(body + 4), quotas };
    return { kind: "DOMAIN_DATA", ...fields, ...this.#framed(frame, end) };
  }

  /** `count` values from `at` on, then as many names that end in NUL. */
  #quotas(frame: Frame, at: number, count: number): { quotas: Quota[]; end: number } {
    const { octets } = this.#view;
    const limit = frame.body + frame.len;
    let nameAt = this.#need(frame, at - frame.body + 4 * count, "quota");
    const quotas: Quota[] = [];
    for (let index = 0; index < count; index++) {
      const nul = octets.subarray(nameAt, limit).indexOf(0);
      if (nul < 0) throw this.#error(frame, nameAt, "name", "a name must end in NUL");
      const name = this.#view.text(nameAt, nameAt + nul);
      quotas.push({ name, value: this.#view.u32(at + 4 * index) });
      nameAt += nul + 1;
    }
    return { quotas, end: nameAt };
  }

  /** Place behind the first `size` octets of the body, which must have as many. */
  #need(frame: Frame, size: number, field: string): number {
    if (size > frame.len) {
      const reason = `len must be at least ${size}: current value is ${frame.len}`;
      throw this.#error(frame, frame.body - 4, field, reason);
    }
    return frame.body + size;
  }

  #demandNul(frame: Frame, at: number, length: number, field: string): void {
    if (length === 0) throw this.#error(frame, at, field, "must end in NUL: current length is 0");
    if (this.#view.octets[at + length - 1] === 0) return;
    throw this.#error(frame, at + length - 1, field, "must end in NUL");
  }

  #error(frame: Frame, at: number, field: string, reason: string): StreamError {
    return new StreamError(reason, at, `${nameOfType(frame.type)}.${field}`);
  }

  /** What is to be remembered of a record whose fields end at `end`. */
  #framed(frame: Frame, end: number, kept: Kept[] = []): Framed & { offset: number } {
    const { body, len } = frame;
    this.#keep(kept, body, end, frame.next);
    const usual = usualLength(frame.type, end - body, this.#shape);
    return {
      offset: body - RECORD_HEADER_SIZE,
      ...(len === usual ? {} : { length: len }),
      ...(kept.length === 0 ? {} : { kept }),
    };
  }

  #keep(kept: Kept[], body: number, from: number, to: number): void {
    if (this.#view.isZero(from, to)) return;
    kept.push({ at: from - body, octets: this.#view.octets.subarray(from, to) });
  }
}
