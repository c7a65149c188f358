/**
 * Writes a stream again so that a target accepts it, and says record by record what was changed,
 * why, and what somebody loses by it. A stream that is right already comes back as the same octets.
 *
 * @module
 */
import { isDump } from "./dump_reader.ts";
import { WriteError } from "./error.ts";
import { demandForced, type Forced } from "./forced.ts";
import { dumpHolds, type Holds, recordsHold } from "./holds.ts";
import { type Change, Ledger } from "./ledger.ts";
import { Lowering } from "./lower.ts";
import { type Material, materialOf, textMaterialOf } from "./material.ts";
import { Mender } from "./mend.ts";
import { settleOwners } from "./owners.ts";
import type { StreamRecord } from "./record.ts";
import { relate } from "./relate.ts";
import { RepairError } from "./repair_error.ts";
import { demandRight, demandServed, globalFor } from "./repaired.ts";
import { type Target, targetNamed } from "./target.ts";

export interface Repair {
  readonly target: string;
  /** What was believed of the stream that was read. */
  readonly layout: string;
  readonly why: string;
  readonly octets: Uint8Array;
  readonly changes: readonly Change[];
  /** How many there are; more than are listed, perhaps. */
  readonly changeCount: number;
  /** How many of them lose something. */
  readonly lossCount: number;
  /** How much of each whoever takes the octets has then. */
  readonly holds: Holds;
}

/** Repairs `octets` for the target called `name`; what cannot be repaired is a `RepairError`. */
export function repair(octets: Uint8Array, name: string, forced: Forced = {}): Repair {
  const target = targetNamed(name);
  const ledger = new Ledger();
  demandForced(octets, forced);
  const material = isDump(octets)
    ? textMaterialOf(octets, target, ledger)
    : materialOf(octets, target, ledger, forced);
  const records = [
    ...globalFor(material.salvaged, target, ledger),
    ...related(material, target, ledger),
  ];
  demandServed(records, target);
  const written = writing(() => material.write(records));
  const repaired = ledger.count === 0 ? octets : written;
  if (ledger.count > 0) demandRight(repaired, target, material.lengths);
  const { layout, why } = material;
  return {
    ...{ target: name, layout, why, octets: repaired },
    ...{ changes: ledger.sorted(), changeCount: ledger.count, lossCount: ledger.lossCount },
    holds: target.layout === "text" ? dumpHolds(written) : recordsHold(records),
  };
}

/** The records as the target has them, without END. */
function related(material: Material, target: Target, ledger: Ledger): readonly StreamRecord[] {
  const { salvaged, from, fromLayout, lengths, isSame } = material;
  const mender = new Mender(from, isSame ? lengths : undefined, ledger);
  const lowering = new Lowering(target, fromLayout, ledger);
  const records: StreamRecord[] = [];
  for (const one of salvaged) {
    if (lowering.drops(one.record)) continue;
    const mended = mender.mend(one);
    const record = mended === undefined ? undefined : lowering.translate(mended, one.head);
    if (record !== undefined && record.kind !== "END") records.push(record);
  }
  const isForC = target.layout === "1" || target.layout === "2";
  const settled = isForC ? settleOwners(records, ledger) : records;
  // The draft leaves the order of nodes open.
  return relate(settled, ledger, target.layout !== "draft");
}

function writing<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    throw new RepairError(error.message);
  }
}
