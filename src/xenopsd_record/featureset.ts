/**
 * Sets of processor features: words of 32 bits in hexadecimal digits, with dashes between them.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import type { Vm } from "../xenops_interface/mod.ts";
import { valueAt } from "./profile.ts";

/** What a host has to offer to each kind of guest. */
export interface HostFeatures {
  readonly features_pv: string;
  readonly features_hvm: string;
}

type Pairs = Vm["platformdata"];

const KEY = "featureset";

export function featuresFor(vm: Vm, host: HostFeatures): string {
  return vm.ty[0] === "PV" ? host.features_pv : host.features_hvm;
}

/** `set` with as many words as `host` has, at least; no feature is ever taken away. */
export function extended(set: string, host: string): string {
  const missing = host.split("-").length - set.split("-").length;
  return set + "-00000000".repeat(Math.max(0, missing));
}

/** Platform data whose set, if there is one, has the length of the host's. */
export function withExtendedFeatures(pairs: Pairs, host: string): Pairs {
  const set = valueAt(pairs, KEY);
  return set === undefined ? pairs : withValue(pairs, KEY, extended(set, host));
}

/** Platform data with the whole set of the host when it has none. */
export function withFeatures(pairs: Pairs, host: string): Pairs {
  return valueAt(pairs, KEY) === undefined ? [[KEY, host], ...pairs] : pairs;
}

/** The pairs with this one first, in place of the first with its key. */
export function withValue(pairs: Pairs, key: string, value: string): Pairs {
  const at = pairs.findIndex(([name]) => name === key);
  return [[key, value], ...(at === -1 ? pairs : pairs.toSpliced(at, 1))];
}
