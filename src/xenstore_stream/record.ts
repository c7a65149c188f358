/**
 * The records of a xenstore migration stream, whatever their layout on the wire.
 *
 * Paths, tokens and names are text of which each character is one octet, without the NUL that
 * ends them: nothing is lost even where they are not text. Octets are views into the input.
 *
 * Source: Xen, docs/designs/xenstore-migration.md, sections named like the kinds of records; the
 * draft of April 2020 (PATCH v3) where a comment says so.
 *
 * @module
 */

/** Numbers of the record types. */
export const RECORD_TYPES = {
  END: 0,
  GLOBAL_DATA: 1,
  CONNECTION_DATA: 2,
  WATCH_DATA: 3,
  TRANSACTION_DATA: 4,
  NODE_DATA: 5,
  GLOBAL_QUOTA_DATA: 6,
  DOMAIN_DATA: 7,
  WATCH_DATA_EXTENDED: 8,
} as const;

/** The domain-id that stands for no domain. */
export const DOMID_INVALID = 0x7ff4;
/** A depth without a limit. */
export const DEPTH_UNLIMITED = 0xffff;
/** Bits of `access` of a node in a transaction. */
export const ACCESS_READ = 1;
export const ACCESS_WRITTEN = 2;
/** A permission whose domain is gone. */
export const PERM_STALE = 1;

/** Octets that a reader ignores and that are not zero. */
export interface Kept {
  /** Place in the record, from the start of its body. */
  readonly at: number;
  readonly octets: Uint8Array;
}

/** What is remembered of a record that was read, so that it is written again as it was. */
export interface Framed {
  /** Place of the record's header in the stream. */
  readonly offset?: number;
  /** `len`, where it is not what the writer of such a stream would have written. */
  readonly length?: number;
  readonly kept?: readonly Kept[];
}

export interface End extends Framed {
  readonly kind: "END";
}

/** Descriptors of the daemon, live update only; -1 for what is unused. */
export interface GlobalData extends Framed {
  readonly kind: "GLOBAL_DATA";
  readonly rwSocketFd: number;
  /** Not in the draft. */
  readonly evtchnFd: number;
  /** In the draft only. */
  readonly roSocketFd: number;
}

export interface RingSpec {
  readonly type: "ring";
  readonly domid: number;
  /** Domain that `domid` acts for, or {@linkcode DOMID_INVALID}. */
  readonly tdomid: number;
  /** Port on the side of xenstored; in the draft that of the domain. */
  readonly evtchn: number;
  /** Page of the ring; in the draft only. */
  readonly mfn?: bigint;
}

export interface SocketSpec {
  readonly type: "socket";
  readonly fd: number;
}

/** A type of connection that is reserved: its number and its 8 octets (16 in the draft). */
export interface ReservedSpec {
  readonly type: "reserved";
  readonly connType: number;
  readonly octets: Uint8Array;
}

export interface ConnectionData extends Framed {
  readonly kind: "CONNECTION_DATA";
  /** Not zero; other records name the connection by it. */
  readonly connId: number;
  /** All bits of `fields`; bit 0 is set when there is a `uniqueId`. In the draft: `flags`. */
  readonly fields: number;
  readonly spec: RingSpec | SocketSpec | ReservedSpec;
  /** Octets that came from the peer and wait to be worked on: the last message may be partial. */
  readonly inData: Uint8Array;
  /** Octets of `outData` that are the rest of a message whose front has been sent. */
  readonly outRespLen: number;
  /** Octets that wait to be sent. */
  readonly outData: Uint8Array;
  readonly uniqueId?: bigint;
}

export interface WatchData extends Framed {
  readonly kind: "WATCH_DATA";
  readonly connId: number;
  /** As the client gave it: absolute, relative, or special with an `@`. */
  readonly path: string;
  readonly token: string;
}

export interface WatchDataExtended extends Framed {
  readonly kind: "WATCH_DATA_EXTENDED";
  readonly connId: number;
  readonly path: string;
  readonly token: string;
  /** Levels below the path, or {@linkcode DEPTH_UNLIMITED}; `undefined` where 4.22 lost it. */
  readonly depth: number | undefined;
}

export interface TransactionData extends Framed {
  readonly kind: "TRANSACTION_DATA";
  readonly connId: number;
  readonly txId: number;
}

export interface Perm {
  /** One character: `w`, `r`, `b` or `n` in a good stream. */
  readonly perm: string;
  /** {@linkcode PERM_STALE}, or padding in the draft. */
  readonly flags: number;
  readonly domid: number;
}

export interface NodeData extends Framed {
  readonly kind: "NODE_DATA";
  /** 0: a committed node. Otherwise the connection of the transaction that it belongs to. */
  readonly connId: number;
  readonly txId: number;
  /** Accesses in the transaction; 0 for a node that was deleted in it. */
  readonly access: number;
  /** The first names the owner and what everybody else may do. */
  readonly perms: readonly Perm[];
  readonly path: string;
  readonly value: Uint8Array;
}

export interface Quota {
  readonly name: string;
  /** 0: unlimited. */
  readonly value: number;
}

export interface GlobalQuotaData extends Framed {
  readonly kind: "GLOBAL_QUOTA_DATA";
  readonly domainQuotas: readonly Quota[];
  readonly globalQuotas: readonly Quota[];
}

export interface DomainData extends Framed {
  readonly kind: "DOMAIN_DATA";
  readonly domid: number;
  /** Version 2 only. */
  readonly features: number;
  readonly quotas: readonly Quota[];
}

/** A record of a reserved type, or one whose body cannot be read. */
export interface Opaque extends Framed {
  readonly kind: "UNKNOWN" | "DAMAGED";
  readonly type: number;
  readonly body: Uint8Array;
}

export type StreamRecord =
  | End
  | GlobalData
  | ConnectionData
  | WatchData
  | WatchDataExtended
  | TransactionData
  | NodeData
  | GlobalQuotaData
  | DomainData
  | Opaque;
