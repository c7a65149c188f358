/**
 * What many runs that were struck somewhere have left broken.
 *
 * @module
 */
import type { XenopsPoint } from "../../harness/facets/xenopsd.ts";
import { check } from "../../harness/mod.ts";

/** What of many runs did not hold; all of it is told at once. */
export class Tally {
  readonly #broken: string[] = [];
  #runs = 0;

  count(where: string, broken: string | undefined): void {
    this.#runs++;
    if (broken !== undefined) this.#broken.push(`${where}: ${broken}`);
  }

  demandNone(what: string, how = "are not repaired"): void {
    check(this.#runs > 0, `there is no step for ${what}`);
    const broken = this.#broken;
    const all = broken.join("; ");
    check(broken.length === 0, `${broken.length} of ${this.#runs} ${what} ${how}: ${all}`);
  }
}

/** Where an operation stands, with the window that has no marker by name. */
export function windowOf(point: XenopsPoint): string {
  const isOpen = point.leaf === "VM_create" && point.what === "domain" && point.phase !== "after";
  return `${placeOf(point)}${isOpen ? " (the domain is there, and not its marker)" : ""}`;
}

function placeOf({ op, leaf, subject, phase, what }: XenopsPoint): string {
  const after = what === "" ? "" : `, after ${what}`;
  return (
    `${phase === "before" ? "before" : phase === "after" ? "after" : "in"} ${leaf} of ` +
    `${subject} in ${op}${after}`
  );
}
