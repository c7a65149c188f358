/**
 * Replay tokens, as harness/replay_token.ts spells them.
 */
import { conditionName } from "./names.js";

/** @import { Model } from "./decode.js" */

const UNSAFE = /[^A-Za-z0-9.,+:=@/-]/gu;
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * The word by which the command line runs a cell again.
 * @param {Model} model
 * @param {number} condition
 * @param {number} scenario
 */
export function tokenOf(model, condition, scenario) {
  const [path, ...settings] = conditionName(model, condition).split(" ");
  const hops = path.split(">").map((hop) => escaped(hop.replace("[", ",").replace("]", "")));
  const saves = settings.map((setting) => setting.split(">").map(escaped).join("~"));
  const { id } = model.data.scenarios[scenario];
  const body = ["ft1", model.data.run.seed, escaped(id), hops.join("~"), ...saves].join("_");
  return `${body}_${checksumOf(body)}`;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(UNSAFE, (character) => {
    const octets = [...new TextEncoder().encode(character)];
    return octets.map((octet) => `%${octet.toString(16).padStart(2, "0")}`).join("");
  });
}

/** @param {string} text */
function checksumOf(text) {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
