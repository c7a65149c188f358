/**
 * The ids that a VM has while it is on its way: the last 12 characters are replaced.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml.
 *
 * @module
 */
const KEPT = 24;
const SOURCE = "000000000000";
const TARGET = "000000000001";

/** What is left behind. */
export function sourceId(vm: string): string {
  return vm.slice(0, KEPT) + SOURCE;
}

/** What is on its way to be the VM. */
export function targetId(vm: string): string {
  return vm.slice(0, KEPT) + TARGET;
}

export function isTemporary(vm: string): boolean {
  return vm.endsWith(SOURCE) || vm.endsWith(TARGET);
}
