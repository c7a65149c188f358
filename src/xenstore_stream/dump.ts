/**
 * The text that oxenstored leaves for its successor: one line for each thing, fields between
 * commas, paths and values in hexadecimal digits. It has no version, no lengths and no end, and
 * what oxenstored does not understand it ignores.
 *
 * ```text
 * $xenstored-dump-format
 * global,FD[,...]
 * evtchn-dev,FD,PORT
 * dom,DOMID,MFN,REMOTE PORT[,LOCAL PORT]
 * socket,FD
 * watch,DOMID or -FD,PATH,TOKEN
 * store,PATH,PERMISSIONS,VALUE
 * ```
 *
 * Source: Xen, tools/ocaml/xenstored/xenstored.ml, module `DB`; captured dumps of 4.17 and 4.20.
 *
 * @module
 */
import type { Perm } from "./record.ts";

/** The first line. */
export const DUMP_IDENT = "$xenstored-dump-format";

/** A line that is to be written as it was, where it is not as oxenstored writes it. */
interface Line {
  /** Place of the line in the dump. */
  readonly offset?: number;
  readonly text?: string;
}

export interface GlobalLine extends Line {
  readonly kind: "global";
  /** Of the socket that listens; -1 for none. */
  readonly fd: number;
}

export interface EvtchnLine extends Line {
  readonly kind: "evtchn-dev";
  readonly fd: number;
  /** Local port of the event that a domain is gone. */
  readonly port: number;
}

export interface DomLine extends Line {
  readonly kind: "dom";
  readonly domid: number;
  readonly mfn: number;
  readonly remotePort: number;
  /** Not in dumps of older versions. */
  readonly localPort?: number;
}

export interface SocketLine extends Line {
  readonly kind: "socket";
  readonly fd: number;
}

export interface WatchLine extends Line {
  readonly kind: "watch";
  /** A domid, or the negative descriptor of a socket. */
  readonly owner: number;
  readonly path: string;
  readonly token: string;
}

export interface StoreLine extends Line {
  readonly kind: "store";
  readonly path: string;
  readonly perms: readonly Perm[];
  readonly value: Uint8Array;
}

/** A line that oxenstored would ignore. */
export interface IgnoredLine extends Line {
  readonly kind: "ignored";
  readonly text: string;
  readonly reason: string;
}

export type DumpLine =
  | GlobalLine
  | EvtchnLine
  | DomLine
  | SocketLine
  | WatchLine
  | StoreLine
  | IgnoredLine;

/** A dump, without its first line. */
export interface Dump {
  readonly lines: readonly DumpLine[];
  /** The last line ends in a line feed. A dump that was cut mostly does not. */
  readonly isWhole: boolean;
}
