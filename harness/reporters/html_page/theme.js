/**
 * Light or dark: as the system says until the reader chooses; the choice is kept where the
 * browser lets a page keep something.
 */
import { place } from "./dom.js";

const KEY = "freezethaw-theme";

export function watchTheme() {
  const button = place("theme");
  show(button, kept() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  button.addEventListener("click", () => {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    show(button, theme);
    keep(theme);
  });
}

/**
 * @param {HTMLElement} button
 * @param {string} theme
 */
function show(button, theme) {
  document.documentElement.dataset.theme = theme;
  button.setAttribute("aria-pressed", String(theme === "dark"));
}

/** @returns {string | null} */
function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} theme */
function keep(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A page without storage still has its theme until it is closed.
  }
}
