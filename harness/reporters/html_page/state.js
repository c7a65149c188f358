/**
 * What the page shows, kept in the fragment of its address: links, the back button and a copied
 * address all work without a server.
 */

/**
 * @typedef {object} State
 * @property {ReadonlyMap<string, ReadonlySet<string>>} filters Values wanted, by factor; also
 *   `verdict`, `scenario` and `result` (`unexpected`, `known`, `flaky`).
 * @property {string} query
 * @property {string} cause Key of a cause, or empty.
 * @property {boolean} merged Grid by release only.
 * @property {string} square `ROW.COLUMN` of the grid, or empty for all.
 * @property {number} condition -1 for the list.
 * @property {number} scenario -1 for the list.
 * @property {number} page
 * @property {boolean} all Cells that the filters hide, too.
 */

const FACTOR = "f.";

/**
 * @param {string} hash
 * @returns {State}
 */
export function parseState(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {Map<string, Set<string>>} */
  const filters = new Map();
  for (const [key, value] of given) {
    if (!key.startsWith(FACTOR)) continue;
    const name = key.slice(FACTOR.length);
    filters.set(name, (filters.get(name) ?? new Set()).add(value));
  }
  return {
    filters,
    query: given.get("q") ?? "",
    cause: given.get("cause") ?? "",
    merged: given.has("merged"),
    square: given.get("at") ?? "",
    condition: Number.parseInt(given.get("condition") ?? "-1", 10),
    scenario: Number.parseInt(given.get("scenario") ?? "-1", 10),
    page: Number.parseInt(given.get("page") ?? "0", 10),
    all: given.has("all"),
  };
}

/**
 * @param {State} state
 * @returns {string}
 */
export function formatState(state) {
  const given = new URLSearchParams();
  for (const [name, values] of state.filters) {
    for (const value of values) given.append(FACTOR + name, value);
  }
  if (state.query !== "") given.set("q", state.query);
  if (state.cause !== "") given.set("cause", state.cause);
  if (state.merged) given.set("merged", "");
  if (state.square !== "") given.set("at", state.square);
  if (state.condition >= 0) given.set("condition", String(state.condition));
  if (state.scenario >= 0) given.set("scenario", String(state.scenario));
  if (state.page > 0) given.set("page", String(state.page));
  if (state.all) given.set("all", "");
  return `#${given}`;
}

/**
 * Back to the list of conditions, with `changes`.
 * @param {State} state
 * @param {Partial<State>} changes
 * @returns {State}
 */
export function listing(state, changes) {
  return { ...state, condition: -1, scenario: -1, page: 0, all: false, ...changes };
}

/**
 * `state` with `value` of `name` wanted, or no longer wanted.
 * @param {State} state
 * @param {string} name
 * @param {string} value
 */
export function toggled(state, name, value) {
  const values = new Set(state.filters.get(name));
  if (!values.delete(value)) values.add(value);
  return filtered(state, name, values);
}

/**
 * @param {State} state
 * @param {string} name
 * @param {ReadonlySet<string>} values None of them: the filter is lifted.
 */
export function filtered(state, name, values) {
  const filters = new Map(state.filters);
  if (values.size === 0) filters.delete(name);
  else filters.set(name, values);
  return listing(state, { filters });
}

/**
 * True when something is filtered.
 * @param {State} state
 */
export function isFiltered({ filters, query, cause }) {
  return filters.size > 0 || query !== "" || cause !== "";
}
