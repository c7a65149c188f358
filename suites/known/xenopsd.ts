/**
 * What is known to break in a xenopsd that has one of the deviations, by case.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server_simulator.ml, which has X1 to X9 all at once. A
 * case is listed here where the deviation breaks what it claims.
 *
 * @module
 */
/** By the id of a case: a part of the reason. */
type Broken = Readonly<Record<string, string>>;

/** Cases that end with the same words. */
function each(reason: string, ...ids: readonly string[]): Broken {
  return Object.fromEntries(ids.map((id) => [id, reason]));
}

const WINDOW = "the domain is there, and not its marker";
/** Half of a domain that nobody takes away. */
const KEPT = "it is Paused instead of Halted";
const HALF = "it has no console";
const NO_IMAGE = "there is no image";

/** Cases that look at whole VMs: each ends with the first thing that one of them lacks. */
const WHOLE = ["S10", "S13", "K05", "Q08", "Q09", "M01", "M02"];
const MADE = ["S02", "S03", ...WHOLE];
const REPAIRED = ["K01", "K06", "K09", "T09"];
const MIGRATED = ["G01", "G02", "G03", "G04", "G05", "G06", "G07", "G08", "G09", "G10"];
/** Cases of images that cannot be restored: what was made for them is to be taken away. */
const IMAGES = ["M04", "M05", "M06", "M07", "M08", "M10"];

/** A start that fails, or a process that ends meanwhile, leaves what it has made. */
const LEFT: Broken = {
  ...each(KEPT, "S08", "S11", "S12", "K04", "K08", "T16", "T17"),
  ...each(HALF, "K01", "K03", "K07", "K09", "T09", "T10"),
  ...each("it is Paused after an image", ...IMAGES),
  G02: "there are 2 domains",
  G03: "it is Paused instead of Running",
};

/** By the name of a deviation: there must be all of them. */
export const KNOWN = {
  "late-marker": each(WINDOW, "K01", "K03", "K09", "G03", "S11"),
  // The facts have these two of the source itself, not of the simulator.
  "unmarked-shutdown": each(HALF, "K09"),
  "vifs-unregistered": each("is missing from the first updates", "K12"),
  // What is Paused is said to be Running.
  "X1-never-paused": {
    ...each("Running instead of Paused", "S01", "S04", "S05", "S07", ...MADE),
    S06: 'a start while Paused is ["Failed",["Bad_power_state",["Running","Halted"]]]',
    G11: "the VM that came is Running",
  },
  // The post-conditions of disks and network interfaces.
  "X2-never-active": {
    ...each("is active false, plugged true", ...MADE, ...REPAIRED, ...MIGRATED),
    S05: "is seen plugged and not active",
  },
  // The post-conditions of consoles and memory.
  "X3-no-consoles": each(HALF, "S01", "S04", "S05", ...MADE, ...REPAIRED, ...MIGRATED),
  // Nothing tells half of a domain from a whole one.
  "X4-no-marker": { ...LEFT, K06: "no domain is marked" },
  // Failures are cleaned up, and crashes are not.
  "X5-no-scan": {
    ...each(HALF, "K01", "K03", "K09"),
    ...each(KEPT, "K04", "K08"),
    ...each("it is Paused instead of Running", "G02", "G03"),
    K06: "domain 1 is kept",
    K07: "there is no step for crashes of a repair",
  },
  "X6-no-migrate": {
    ...each('the end of the migration is "Failed"', "G04", "G05", "G08", "G09"),
    ...each("there is no step for crashes", "G02", "G03"),
    G01: "what the two sides say and do is []",
    G06: "the receiver says nothing against it",
    G07: '["Unimplemented","VM.migrate"]',
    G10: 'the end without a receiver is "Unimplemented"',
    G11: "a migration does not come to",
  },
  // The cleanup stops at the first device that was not plugged yet.
  "X7-unplug-once": without({ ...LEFT, K06: "domain 1 is kept" }, "T16"),
  "X8-no-image": {
    ...each(NO_IMAGE, "M03", "M09", ...IMAGES),
    ...each('the memory of the guest is ""', "M01", "G01", "G02", "G04", "G05", "G08", "G09"),
  },
  // All cases that export the metadata of a halted VM.
  "X9-no-halted-export": each(
    "Invalid_argument option is None",
    ...["W09", "K10", "M11", "M12", "M14", "M18", "M20", "M21", "M22", "M23", "M24"],
  ),
} satisfies Readonly<Record<string, Broken>>;

/** Its devices are all plugged by then, so that the cleanup gets through. */
function without(broken: Broken, id: string): Broken {
  const { [id]: _, ...rest } = broken;
  return rest;
}
