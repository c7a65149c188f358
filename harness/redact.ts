/**
 * Texts without what should not be published: home folders and other places of a machine, and
 * secrets of common shapes. The last part of a path stays, as it often says what went wrong; paths
 * of a guest's own, such as those of XenStore, are none of a machine.
 *
 * @module
 */

const PATH = "<path>";
const SECRET = "<secret>";

/** Roots of paths that say something about a machine or its user. */
const ROOTS = [
  ..."home Users root tmp var opt usr etc mnt srv run private Volumes nix".split(" "),
  ..."work workspace workspaces builds build runner github data media app repo code src".split(" "),
].join("|");

const PART = "[^\\s/\\\\\"'`<>|:;,()\\[\\]{}]+";

/** What a secret is called where it is written as a value. */
const NAMED = "(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|credential)s?";

/** What is replaced, in order: secrets first, as they may stand in paths. */
const CHANGES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, SECRET],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{20,}|\bnpm_\w{30,}/g, SECRET],
  [
    /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bxox[abeprs]-[\w-]{10,}|\bsk-[\w-]{20,}|\bAIza[\w-]{35}/g,
    SECRET,
  ],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, SECRET],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${SECRET}`],
  [/(:\/\/)[^\s/:@]+:[^\s/@]+@/g, `$1${SECRET}@`],
  [new RegExp(`(${NAMED}["']?\\s*[=:]\\s*)("[^"]*"|'[^']*'|[^\\s"',;&]+)`, "gi"), `$1${SECRET}`],
  [/\bfile:\/\/(?=\/)/g, "file:"],
  [new RegExp(`(?<![\\w.])[A-Za-z]:(?:\\\\+${PART})*\\\\+(${PART})`, "g"), `${PATH}/$1`],
  [new RegExp(`(?<![\\w./~-])/(?:${ROOTS})(?:/${PART})*/(${PART})/?`, "g"), `${PATH}/$1`],
];

/** `text` as it may be published. What is private of it is not told apart from what is not. */
export function redacted(text: string): string {
  let shown = text;
  for (const [pattern, instead] of CHANGES) shown = shown.replace(pattern, instead);
  return shown;
}
