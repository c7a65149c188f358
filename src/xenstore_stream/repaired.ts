/**
 * What must hold of a stream that was repaired, whatever was done to it.
 *
 * @module
 */
import { inspect } from "./inspect.ts";
import type { Lengths } from "./layout.ts";
import type { Ledger } from "./ledger.ts";
import type { StreamRecord } from "./record.ts";
import { RepairError } from "./repair_error.ts";
import type { Salvaged } from "./salvage.ts";
import type { Target } from "./target.ts";
import { verify } from "./verify.ts";

/** A GLOBAL_DATA where there is none; C xenstored dies without it or hears nobody. */
export function globalFor(
  salvaged: readonly Salvaged[],
  { layout, reader }: Target,
  ledger: Ledger,
): readonly StreamRecord[] {
  const isThere = salvaged.some(({ record }) => record.kind === "GLOBAL_DATA");
  if (isThere || layout === "draft" || salvaged.length === 0) return [];
  ledger.add({
    offset: salvaged[0]?.record.offset ?? 0,
    section: "GLOBAL_DATA",
    action: "added",
    text: `GLOBAL_DATA without descriptors: ${reader} needs one for a live update`,
    lost: "the socket that listens: nobody can connect anew",
  });
  return [{ kind: "GLOBAL_DATA", rwSocketFd: -1, evtchnFd: -1, roSocketFd: -1 }];
}

/** Whoever takes the stream must hear somebody. */
export function demandServed(records: readonly StreamRecord[], { layout, reader }: Target): void {
  if (layout === "draft") return;
  const isServed = records.some(
    (record) =>
      record.kind === "CONNECTION_DATA" ||
      (record.kind === "GLOBAL_DATA" && record.rwSocketFd >= 0),
  );
  if (isServed) return;
  const reason = `${reader} would hear nobody: no socket listens and no connection is there`;
  throw new RepairError(`Cannot repair the stream as ${reason}`);
}

/** Nothing may be wrong with what was written but what the target wants so. */
export function demandRight(octets: Uint8Array, target: Target, lengths: Lengths): void {
  const { layout, watchHead } = target;
  const { violations } =
    layout === "text"
      ? inspect(octets)
      : verify(octets, { layout, order: "little", lengths, watchHead });
  const isMeant = (code: string) => watchHead !== 12 && code === "watch-extended-head";
  const [first] = violations.filter(({ code }) => !isMeant(code));
  if (first === undefined) return;
  const what = `${first.section} at offset ${first.offset} would be wrong: ${first.text}`;
  throw new RepairError(`Cannot repair the stream as ${what}`);
}
