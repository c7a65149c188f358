/**
 * Permissions of a node: the first entry names the owner and what others may do, each further one
 * what one domain may do.
 *
 * Source: xen, docs/misc/xenstore.txt, "SET_PERMS"; tools/xenstored/core.c, perm_for_conn();
 * tools/ocaml/xenstored/perms.ml.
 *
 * @module
 */
import { refusal } from "./request_error.ts";

export const NONE = 0;
export const READ = 1;
export const WRITE = 2;
/** Only an owner, or who acts for it. */
export const OWNER = 4;

export interface Perm {
  /** READ and WRITE. */
  readonly access: number;
  readonly domid: number;
  /** The domain that was meant is gone; another one of that number gains nothing (XSA-322). */
  readonly stale?: true;
}
export type Perms = readonly Perm[];

/** Who asks: a domain, and the one that it was told to act for. */
export interface Asker {
  readonly domid: number;
  readonly target: number | undefined;
  readonly privileged: boolean;
}

const LETTERS = "nrwb";

/** `r5`: the letter and the domain. */
export function textOfPerm({ access, domid }: Perm): string {
  return `${LETTERS[access]}${domid}`;
}

/** The other side of {@linkcode textOfPerm}, with `number` as the program reads numbers. */
export function permOf(text: string, number: (text: string) => number | undefined): Perm {
  const access = text === "" ? -1 : LETTERS.indexOf(text[0] as string);
  const domid = access < 0 ? undefined : number(text.slice(1));
  if (domid === undefined) throw refusal("EINVAL");
  return { access, domid };
}

/** What `asker` may do: by ownership, by the first entry of its own, or as one of the others. */
export function accessOf(perms: Perms, { domid, target, privileged }: Asker): number {
  const owner = perms[0] as Perm;
  if (privileged || owner.domid === domid || owner.domid === target) return READ | WRITE | OWNER;
  for (let index = 1; index < perms.length; index++) {
    const perm = perms[index] as Perm;
    if (perm.stale !== true && (perm.domid === domid || perm.domid === target)) return perm.access;
  }
  return owner.access;
}

/** As oxenstored sees it: the domain and its target are asked one by one, and one is enough. */
export function accessOfEither(perms: Perms, asker: Asker): number {
  const { domid, target, privileged } = asker;
  const owner = (perms[0] as Perm).domid;
  if (privileged || target === 0 || owner === domid || owner === target)
    return READ | WRITE | OWNER;
  const own = listed(perms, domid);
  return target === undefined ? own : own | listed(perms, target);
}

function listed(perms: Perms, domid: number): number {
  for (let index = 1; index < perms.length; index++) {
    const perm = perms[index] as Perm;
    if (perm.domid === domid) return perm.access;
  }
  return (perms[0] as Perm).access;
}
