/**
 * Emulated devices: what a guest has programmed into their registers.
 *
 * Method: a guest programs every register at its first boot and changes some of them each time that
 * it runs again. What it finds after a restore is compared with what it last read.
 *
 * @module
 */
import type { RegisterFile } from "../harness/facets/recall.ts";
import { check, type Scenario, scenario, suite } from "../harness/mod.ts";

const SOURCE = "openvmm, vm/devices/chipset and chipset_legacy: each device saves its registers";

const PROCESSOR = "openvmm, virt_mshv_vtl/src/processor/mshv/x64.rs, ProcessorSavedState";

/** Which registers a claim is about. */
type About = (device: string, register: string) => boolean;

/** The claim that the registers that it is `about` read as they did. */
function readBack(
  name: string,
  must: string,
  source: string,
  about: About,
  when: Readonly<Record<string, string>> = {},
) {
  return scenario({
    name,
    must,
    source,
    needs: ["recall"],
    when,
    after({ recall }) {
      const [knew, found] = [recall.knew(), recall.found()];
      if (knew === null || found === null) return;
      const changes = changesOf(knew.registers, found.registers);
      const change = changes.find(({ device, register }) => about(device, register));
      if (change === undefined) return;
      const { device, register, was, is } = change;
      check(false, `${device} ${register} was ${text(was)}, is ${text(is)}`);
    },
  });
}

type Files = ReadonlyMap<string, RegisterFile>;
type Value = ReturnType<RegisterFile["get"]>;

/** A register that reads otherwise than before. */
interface Change {
  readonly device: string;
  readonly register: string;
  readonly was: Value;
  readonly is: Value;
}

/** All claims look at the same two views, one after the other. */
const knownChanges = new WeakMap<Files, { readonly before: Files; readonly changes: Change[] }>();

function changesOf(before: Files, after: Files): readonly Change[] {
  const known = knownChanges.get(after);
  if (known?.before === before) return known.changes;
  const changes: Change[] = [];
  for (const [device, was] of before) {
    const is = after.get(device) ?? NO_REGISTERS;
    if (is === was) continue;
    for (const register of changed(was, is)) {
      changes.push({ device, register, was: was.get(register), is: is.get(register) });
    }
  }
  knownChanges.set(after, { before, changes });
  return changes;
}

const NO_REGISTERS: RegisterFile = new Map();

/** Registers that read otherwise. Machines share files, so that it pays to remember. */
function changed(was: RegisterFile, is: RegisterFile): readonly string[] {
  let known = changedRegisters.get(was);
  if (known === undefined) {
    known = new WeakMap();
    changedRegisters.set(was, known);
  }
  let registers = known.get(is);
  if (registers === undefined) {
    registers = [...was.keys()].filter((key) => was.get(key) !== is.get(key));
    known.set(is, registers);
  }
  return registers;
}

const changedRegisters = new WeakMap<RegisterFile, WeakMap<RegisterFile, readonly string[]>>();

const isProcessor: About = (device) => device.startsWith("vp");
const isCrash: About = (_device, register) => register.startsWith("crash_");
const isMessage: About = (_device, register) => register.startsWith("sint");

function text(value: number | bigint | string | undefined): string {
  if (value === undefined || typeof value === "string") return `${value}`;
  return `0x${value.toString(16)}`;
}

const SCENARIOS: readonly Scenario[] = [
  readBack(
    "registers/read-back",
    "Every register of an emulated device reads as the guest has left it",
    SOURCE,
    (device, register) => !(isProcessor(device, register) || device === "bios"),
  ),

  readBack(
    "bios-area/stays-shadowed",
    "Ranges that the host bridge has shadowed lead where they led",
    "openvmm, underhill_core/src/servicing.rs, EmuplatSavedState.get_backed_adjust_gpa_range",
    (device) => device === "bios",
  ),

  scenario({
    name: "bios-area/can-be-shadowed",
    must: "Ranges lead where the host bridge is told to lead them, after servicing as before it",
    source: "openvmm, underhill_core/src/emuplat/i440bx_host_pci_bridge.rs: by handle",
    needs: ["recall"],
    after({ recall }) {
      const refused = recall.refused().find((text) => text.startsWith("bios "));
      check(refused === undefined, `the range of slot ${refused?.slice(5)} stays as it was`);
    },
  }),

  readBack(
    "processors/keep-their-registers",
    "A processor goes on with the registers that it was stopped with",
    PROCESSOR,
    (...names) => isProcessor(...names) && !isCrash(...names) && !isMessage(...names),
  ),

  readBack(
    "processors/keep-their-crash-registers",
    "What a guest has put into the registers for its crash report stays there",
    `${PROCESSOR}.crash_reg; pull 494`,
    (...names) => isProcessor(...names) && isCrash(...names),
  ),

  readBack(
    "processors/keep-messages-that-wait",
    "A message that waits for a slot of the guest's interrupt controller is not lost",
    `${PROCESSOR}.per_vtl`,
    (...names) => isProcessor(...names) && isMessage(...names),
    { point: "answers:pending" },
  ),
];

export default suite("chipset", SCENARIOS);
