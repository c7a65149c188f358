/**
 * Builds elements. Text of the report reaches the page through here only: as text nodes and
 * attributes, never as markup, with invisible characters written out.
 */

/** @typedef {string | number | boolean | undefined | ((event: any) => void)} Property */

/** Characters that hide, reorder or break text. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const WEB = /^https?:\/\/[^\s"'<>\\]+$/i;

/**
 * Writes out what a reader could not see.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(INVISIBLE, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`);
}

/**
 * An element; functions among `properties` listen to the event of their name.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, Property>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== false) {
      node.setAttribute(name, visible(String(value)));
    }
  }
  node.append(...children.map((child) => (typeof child === "string" ? visible(child) : child)));
  return node;
}

/**
 * `text` in which web addresses are links; other schemes stay text.
 * @param {string} text
 */
export function linked(text) {
  const parts = text.split(/(https?:\/\/[^\s"'<>\\)\],;]+)/i);
  return element(
    "span",
    { class: "text" },
    ...parts.map((part) =>
      WEB.test(part)
        ? element("a", { href: part, rel: "noopener noreferrer", target: "_blank" }, part)
        : part,
    ),
  );
}

/**
 * The element of page.html named `id`.
 * @param {string} id
 */
export function place(id) {
  const found = document.getElementById(id);
  if (found === null)
    throw new TypeError(`Cannot find place as page must have it: current value is ${id}`);
  return found;
}

/**
 * `12,345 cells`
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * `12,345`, the same in every locale.
 * @param {number} count
 */
export function grouped(count) {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
