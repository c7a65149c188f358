/**
 * Records as JSON: fields are named as in the specification, with `_` for `-`; octets are
 * `{"hex"}`, as are paths and tokens that are not ASCII text.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import { OctetView } from "../bytes/octet_view.ts";
import type { DumpLine } from "./dump.ts";
import { usualLength } from "./frame.ts";
import type { Shape } from "./layout.ts";
import type { ConnectionData, Perm, Quota, StreamRecord } from "./record.ts";
import { bodySize, typeOf } from "./record_writer.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** A record as JSON: its place, type, name, `len` and fields. */
export function recordJson(record: StreamRecord, shape: Shape): JsonObject {
  const type = typeOf(record);
  const length = record.length ?? usualLength(type, bodySize(record, shape), shape);
  const fields = fieldsOf(record, shape);
  const ignored = (record.kept ?? []).map(({ at, octets }) => ({ at, hex: toHex(octets) }));
  const shown = { offset: record.offset ?? null, type, name: record.kind, length, fields };
  return ignored.length === 0 ? shown : { ...shown, ignored };
}

/** A line of a text dump as JSON; its type is the first word. */
export function lineJson(line: DumpLine): JsonObject {
  const { kind, offset, text: _, ...fields } = line;
  const shown = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [snake(name), lineValue(value)]),
  );
  const raw = line.text === undefined ? {} : { text: textJson(line.text) };
  return { offset: offset ?? null, type: kind, name: kind, fields: { ...shown, ...raw } };
}

function lineValue(value: string | number | Uint8Array | readonly Perm[]): Json {
  if (typeof value === "number") return value;
  if (typeof value === "string") return textJson(value);
  return value instanceof Uint8Array ? hexJson(value) : value.map(permJson);
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fieldsOf(record: StreamRecord, shape: Shape): JsonObject {
  switch (record.kind) {
    case "END":
      return {};
    case "GLOBAL_DATA": {
      const isDraft = shape.layout === "draft";
      const second = isDraft ? { ro_socket_fd: record.roSocketFd } : { evtchn_fd: record.evtchnFd };
      return { rw_socket_fd: record.rwSocketFd, ...second };
    }
    case "CONNECTION_DATA":
      return connectionJson(record, shape);
    case "WATCH_DATA":
    case "WATCH_DATA_EXTENDED": {
      const { connId, path, token } = record;
      const lengths = { wpath_len: path.length + 1, token_len: token.length + 1 };
      const depth = record.kind === "WATCH_DATA" ? {} : { depth: record.depth ?? null };
      const texts = { wpath: textJson(path), token: textJson(token) };
      return { conn_id: connId, ...lengths, ...depth, ...texts };
    }
    case "TRANSACTION_DATA":
      return { conn_id: record.connId, tx_id: record.txId };
    case "NODE_DATA": {
      const { connId, txId, access, perms, path, value } = record;
      return {
        conn_id: connId,
        tx_id: txId,
        path_len: path.length + 1,
        value_len: value.length,
        access,
        perm_count: perms.length,
        perms: perms.map(permJson),
        path: textJson(path),
        value: hexJson(value),
      };
    }
    case "GLOBAL_QUOTA_DATA": {
      const { domainQuotas, globalQuotas } = record;
      const counts = { n_dom_quota: domainQuotas.length, n_glob_quota: globalQuotas.length };
      return {
        ...counts,
        dom_quotas: quotasJson(domainQuotas),
        glob_quotas: quotasJson(globalQuotas),
      };
    }
    case "DOMAIN_DATA": {
      const { domid, features, quotas } = record;
      return { domid, n_quota: quotas.length, features, quotas: quotasJson(quotas) };
    }
    case "UNKNOWN":
    case "DAMAGED":
      return { body: hexJson(record.body) };
  }
}

function connectionJson(record: ConnectionData, { layout }: Shape): JsonObject {
  const { connId, spec, fields, inData, outData, outRespLen, uniqueId } = record;
  const isDraft = layout === "draft";
  const type = { conn_id: connId, conn_type: connTypeOf(spec) };
  const bits = isDraft ? { flags: fields } : { fields };
  const lengths = isDraft
    ? { data_len: outData.length }
    : { in_data_len: inData.length, out_resp_len: outRespLen, out_data_len: outData.length };
  const data = { data: { hex: toHex(inData) + toHex(outData) } };
  const id = uniqueId === undefined ? {} : { unique_id: bigJson(uniqueId) };
  return { ...type, ...bits, ...specJson(spec), ...lengths, ...data, ...id };
}

function connTypeOf(spec: ConnectionData["spec"]): number {
  if (spec.type === "reserved") return spec.connType;
  return spec.type === "ring" ? 0 : 1;
}

function specJson(spec: ConnectionData["spec"]): JsonObject {
  if (spec.type === "socket") return { socket_fd: spec.fd };
  if (spec.type === "reserved") return { conn_spec: hexJson(spec.octets) };
  const { domid, tdomid, evtchn, mfn } = spec;
  return { domid, tdomid, evtchn, ...(mfn === undefined ? {} : { mfn: bigJson(mfn) }) };
}

function permJson({ perm, flags, domid }: Perm): Json {
  return { perm: textJson(perm), flags, domid };
}

function quotasJson(quotas: readonly Quota[]): Json {
  return quotas.map(({ name, value }) => ({ name: textJson(name), value }));
}

/** A number, beyond 2^53 its decimal digits. */
function bigJson(value: bigint): Json {
  return value < 2n ** 53n ? Number(value) : value.toString();
}

function hexJson(octets: Uint8Array): Json {
  return { hex: toHex(octets) };
}

/** Text as it is where it is printable ASCII, which keeps terminals and readers safe. */
function textJson(text: string): Json {
  if (/^[ -~]*$/.test(text)) return text;
  const octets = new Uint8Array(text.length);
  new OctetView(octets, true).putText(0, text);
  return hexJson(octets);
}
