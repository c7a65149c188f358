/**
 * Reads source files with the TypeScript parser.
 *
 * The parser is the one of the compiler that the project pins. It reads a project that exists in
 * memory only, so that a test can ask about a text that is not in the tree. TypeScript calls this
 * API unstable; no other file knows it.
 *
 * @module
 */
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/async";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { exportsOf } from "./parse_exports.ts";
import type { FunctionSpan, Located, Source } from "./source.ts";

/** Root of the project in memory. */
const ROOT = "/project/";
const OPTIONS = {
  compilerOptions: { noLib: true, noResolve: true, types: [], module: "nodenext" },
  include: ["**/*.ts"],
};

/** Parses `texts` (by path) and returns what the rules look at, in order of path. */
export async function readSources(texts: ReadonlyMap<string, string>): Promise<Source[]> {
  const files = Object.fromEntries([...texts].map(([path, text]) => [ROOT + path, text]));
  const config = `${ROOT}tsconfig.json`;
  files[config] = JSON.stringify(OPTIONS);
  await using stack = new AsyncDisposableStack();
  const api = new API({ cwd: ROOT, fs: createVirtualFileSystem(files) });
  stack.defer(() => api.close());
  const snapshot = await api.updateSnapshot({ openProjects: [config] });
  const project = snapshot.getProject(config);
  const sources: Source[] = [];
  for (const path of [...texts.keys()].sort()) {
    const file = await project?.program.getSourceFile(ROOT + path);
    if (file === undefined) throw new Error(`Cannot parse ${path} as the parser must list it`);
    sources.push(readSource(path, file));
  }
  return sources;
}

function readSource(path: string, file: SourceFile): Source {
  const lineOf = (node: Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const imports: Located[] = [];
  const references: string[] = [];
  const functions: FunctionSpan[] = [];
  const uses: Located[] = [];
  const visit = (node: Node): void => {
    const line = lineOf(node);
    const specifier = specifierOf(node);
    if (specifier !== undefined) imports.push({ name: specifier, line });
    if (is.isStringLiteral(node) && /^\.\.?\//.test(node.text)) references.push(node.text);
    if (isFunction(node)) {
      const end = file.getLineAndCharacterOfPosition(node.end).line + 1;
      functions.push({ name: nameOf(node), line, lines: end - line + 1 });
    }
    const use = useOf(node);
    if (use !== undefined) uses.push({ name: use, line });
    node.forEachChild(visit);
  };
  visit(file);
  const lines = file.text.split("\n");
  return { path, lines, imports, references, functions, uses, exports: exportsOf(file, lineOf) };
}

function specifierOf(node: Node): string | undefined {
  let target: Node | undefined;
  if (is.isImportDeclaration(node) || is.isExportDeclaration(node)) target = node.moduleSpecifier;
  else if (is.isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    target = node.arguments[0];
  } else if (is.isImportTypeNode(node) && is.isLiteralTypeNode(node.argument)) {
    target = node.argument.literal;
  }
  return target !== undefined && is.isStringLiteral(target) ? target.text : undefined;
}

function isFunction(node: Node): boolean {
  return is.isFunctionLikeDeclaration(node) && "body" in node && node.body !== undefined;
}

function nameOf(node: Node): string {
  const named = "name" in node && node.name !== undefined ? node : node.parent;
  const name =
    named !== undefined && "name" in named ? (named.name as Node | undefined) : undefined;
  return name !== undefined && is.isIdentifier(name) ? name.text : "function";
}

function useOf(node: Node): string | undefined {
  if (is.isIdentifier(node)) return node.text;
  if (is.isPropertyAccessExpression(node) && is.isIdentifier(node.expression)) {
    return `${node.expression.text}.${node.name.text}`;
  }
  if (is.isNewExpression(node) && is.isIdentifier(node.expression)) {
    return `new ${node.expression.text}/${node.arguments?.length ?? 0}`;
  }
  if (is.isCallExpression(node) && is.isIdentifier(node.expression)) {
    return node.arguments.some(isAsync) ? `${node.expression.text}(async)` : undefined;
  }
  if (is.isCallExpression(node) && is.isPropertyAccessExpression(node.expression)) {
    const name = useOf(node.expression);
    return node.arguments.some(hasSeed) ? undefined : `${name}(unseeded)`;
  }
  return undefined;
}

function hasSeed(node: Node): boolean {
  if (!is.isObjectLiteralExpression(node)) return false;
  return node.properties.some((property) => nameOf(property) === "seed");
}

function isAsync(node: Node): boolean {
  return (
    (is.isArrowFunction(node) || is.isFunctionExpression(node)) &&
    (node.modifiers ?? []).some(({ kind }) => kind === SyntaxKind.AsyncKeyword)
  );
}
