/**
 * A processor's state in which the number of one register has been given to another: whoever reads
 * the old meaning into it swaps the two.
 *
 * Source: microsoft/openvmm, pull 3111, whose review has found it.
 *
 * @module
 */
import { Partition, ProcessorSavedState, type ServicingState } from "../openhcl_state/mod.ts";
import { blobsOf } from "./blob.ts";
import type { Fix } from "./legacy_relay.ts";

const PARTITION = "partition";

/** Exchanges the registers of fields 3 and 5 in every processor's state. */
export function exchangeRegisters(release: string): Fix {
  const partition = blobsOf(Partition, release);
  const processor = blobsOf(ProcessorSavedState, release);
  return (state: ServicingState) => {
    const units = state.units.map((unit) => {
      if (unit.name !== PARTITION) return unit;
      const { vps, ...others } = partition.unpack(unit.state);
      const exchanged = vps.map(({ data, ...vp }) => {
        const { rdx, cr2, ...registers } = processor.unpack(data);
        return { ...vp, data: processor.pack({ ...registers, rdx: cr2, cr2: rdx }) };
      });
      return { ...unit, state: partition.pack({ ...others, vps: exchanged }) };
    });
    return { ...state, units };
  };
}
