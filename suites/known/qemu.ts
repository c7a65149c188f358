/**
 * What is known to break when real QEMUs hand machines to each other, by factors of the edge that
 * breaks.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

export const KNOWN: readonly Expectation[] = [];
