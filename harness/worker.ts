/**
 * What runs in each worker thread of a run: the implementations there are, without the rest of
 * the command line.
 *
 * @module
 */
import module from "node:module";

// A thread does not inherit it, and would make everything of the sources anew.
module.enableCompileCache?.();
const { serveCrew } = await import("./cli/crew_member.ts");
const { IMPLEMENTATIONS } = await import("./implementations/mod.ts");
serveCrew(IMPLEMENTATIONS);
