/**
 * The differential probe: random sequences of requests on the model of XenStore and on another
 * daemon, whose differences are made small.
 *
 * @module
 */
export type { Difference, Opponent, Reply } from "./comparison.ts";
export { type Heard, isAnswer } from "./heard.ts";
export { Probe, type Probed } from "./probe.ts";
export { compareOn, search } from "./search.ts";
export { DOMAINS_AT_FIRST, ringOf, type Step } from "./step.ts";
export { stepOfText, textOfStep } from "./step_text.ts";
export { sequenceOfToken, tokenOf } from "./token.ts";
