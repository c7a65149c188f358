/**
 * Linking of the page's modules: scopes are kept apart, and what cannot be linked is refused.
 *
 * @module
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { PAGE_MODULES } from "./html.ts";
import { linkedScript } from "./html_script.ts";

test("linkedScript gives each module a scope and passes exports on", () => {
  const script = linkedScript([
    ["one", 'const word = "one";\nexport function say() {\n  return word;\n}\n'],
    [
      "two",
      'import { say } from "./one.js";\nconst word = "two";\nexport const both = say() + word;\n',
    ],
  ]);
  // The script is the product under test, so it has to be run as a script.
  const both: unknown = new Function(`${script}return two_module.both;`)();
  assert.equal(both, "onetwo");
});

test("linkedScript refuses an import that comes too late", () => {
  const modules = [["one", 'import { a } from "./two.js";\n']] as const;
  assert.throws(() => linkedScript(modules), /Cannot link one as its imports must come before it/);
});

test("linkedScript refuses an import from elsewhere", () => {
  const modules = [["one", 'import fs from "node:fs";\n']] as const;
  assert.throws(() => linkedScript(modules), /Cannot link one as imports must be by name/);
});

test("PAGE_MODULES names every module of the page once", () => {
  const files = readdirSync(new URL("./html_page/", import.meta.url));
  const modules = files.filter((file) => file.endsWith(".js")).map((file) => file.slice(0, -3));
  assert.deepEqual([...PAGE_MODULES].sort(), modules.sort());
});
