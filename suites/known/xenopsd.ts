/**
 * What is known to break in a xenopsd that has one of the deviations, by case.
 *
 * @module
 */

/** By the name of a deviation and the id of a case: a part of the reason. */
export const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "late-marker": {
    K01: "the domain is there, and not its marker",
    K03: "the domain is there, and not its marker",
    K09: "the domain is there, and not its marker",
    G03: "the domain is there, and not its marker",
    S11: "the domain is there, and not its marker",
  },
};
