/**
 * The variables of a UEFI firmware.
 *
 * Method: a guest sets and removes variables in each of its turns and keeps in mind what it reads
 * then. What it finds after a restore is compared with that, and it goes on changing them.
 *
 * @module
 */
import type { VariableRecord } from "../harness/facets/recall.ts";
import { check, scenario, suite } from "../harness/mod.ts";

/** The claim that a guest is refused no change of a variable. */
function changeable(name: string, must: string, when: Readonly<Record<string, string>> = {}) {
  return scenario({
    name,
    must,
    source: "openvmm, hcl_compat_uefi_nvram_storage/src/lib.rs, set_variable",
    needs: ["recall"],
    when,
    after({ recall }) {
      const refused = recall.refused().find((text) => text.startsWith("variable "));
      check(refused === undefined, `${refused}`);
    },
  });
}

/** Names and content are short: octets are compared from the first one on. */
function same(left: Uint8Array, right: Uint8Array): boolean {
  if (left === right) return true;
  return left.length === right.length && left.every((octet, at) => octet === right[at]);
}

function isSameVariable(left: VariableRecord, right: VariableRecord): boolean {
  const [one, other] = [left.vendor, right.vendor];
  return same(left.name, right.name) && one.data1 === other.data1 && same(one.data4, other.data4);
}

function isUnchanged(was: VariableRecord, is: VariableRecord): boolean {
  if (is === was) return true;
  return same(is.data, was.data) && same(is.timestamp, was.timestamp) && is.attr === was.attr;
}

function nameOf({ name }: VariableRecord): string {
  return String.fromCharCode(...name.filter((octet) => octet !== 0));
}

export default suite("firmware", [
  scenario({
    name: "variables/are-kept",
    must: "Every variable of the firmware is there, with the same content",
    source: "openvmm, firmware_uefi/src/service/nvram; pull 1697",
    needs: ["recall"],
    after({ recall }) {
      const now = recall.found()?.variables ?? null;
      const noted = recall.knew()?.variables ?? null;
      if (noted === now) return;
      for (const was of noted ?? []) {
        const is = now?.find((variable) => isSameVariable(variable, was));
        if (is !== undefined && isUnchanged(was, is)) continue;
        const fate = is === undefined ? "is lost" : "has changed";
        check(false, `variable ${nameOf(was)} ${fate}`);
      }
    },
  }),

  changeable(
    "variables/can-be-changed",
    "A guest can set and remove variables after servicing as it could before",
  ),

  changeable(
    "variables/can-be-shortened",
    "A guest can make a variable shorter first thing after servicing",
    { fault: "variable:shortened:after" },
  ),
]);
