/**
 * Links the modules of a page into the one script that the page holds. Each module keeps its scope;
 * the page needs no bundler, and the text is the same on every runtime. Knows the two forms that
 * the modules use: `import { ... } from "./NAME.js"`, where another folder beside its own may be
 * named, and `export function` or `const`.
 *
 * @module
 */

const IMPORT = /^import \{([^}]*)\} from "(?:\.|\.\.\/\w+)\/(\w+)\.js";\n/gm;
const EXPORT = /^export (?=(?:function|const) (\w+))/gm;

/** One script of `modules`, given by name in an order in which imports come first. */
export function linkedScript(modules: readonly (readonly [name: string, text: string])[]): string {
  const known = new Set<string>();
  const scopes = modules.map(([name, text]) => {
    const body = text.replace(IMPORT, (_, names: string, from: string) => {
      if (known.has(from)) return `const {${names}} = ${from}_module;\n`;
      throw new Error(
        `Cannot link ${name} as its imports must come before it: current value is ${from}`,
      );
    });
    known.add(name);
    return scopeOf(name, body);
  });
  return scopes.join("\n");
}

function scopeOf(name: string, body: string): string {
  if (/^import /m.test(body)) {
    throw new Error(`Cannot link ${name} as imports must be by name from a module of the page`);
  }
  const exported = [...body.matchAll(EXPORT)].map(([, symbol]) => symbol);
  const text = body.replace(EXPORT, "");
  return `const ${name}_module = (() => {\n${text}return { ${exported.join(", ")} };\n})();\n`;
}
