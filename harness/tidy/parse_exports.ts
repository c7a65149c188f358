/**
 * The exports of a parsed file.
 *
 * @module
 */
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";
import type { Export } from "./source.ts";

/** Every name that the file exports; `again` for those of other files. */
export function exportsOf(file: SourceFile, lineOf: (node: Node) => number): Export[] {
  return file.statements.flatMap((statement) =>
    namesOf(statement).map(([name, kind]) => ({ name, kind, line: lineOf(statement) })),
  );
}

type Named = readonly [name: string, kind: Export["kind"]];

function namesOf(node: Node): Named[] {
  if (is.isExportAssignment(node)) return [["default", "default"]];
  if (is.isExportDeclaration(node)) return [["*", "again"]];
  if (!has(node, SyntaxKind.ExportKeyword)) return [];
  if (has(node, SyntaxKind.DefaultKeyword)) return [["default", "default"]];
  if (is.isVariableStatement(node)) {
    return node.declarationList.declarations.map(({ name }) => [textOf(name), "value"]);
  }
  if (is.isInterfaceDeclaration(node) || is.isTypeAliasDeclaration(node)) {
    return [[textOf(node.name), "type"]];
  }
  if (is.isClassDeclaration(node)) {
    const bases = node.heritageClauses?.flatMap(({ types }) => [...types]) ?? [];
    const isError = bases.some(({ expression }) => textOf(expression).endsWith("Error"));
    return [[textOf(node.name), isError ? "error" : "value"]];
  }
  return is.isFunctionDeclaration(node) && node.body !== undefined
    ? [[textOf(node.name), "value"]]
    : [];
}

function has(node: Node, kind: SyntaxKind): boolean {
  const modifiers = "modifiers" in node ? (node.modifiers as readonly Node[] | undefined) : [];
  return modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}

function textOf(node: Node | undefined): string {
  return node !== undefined && is.isIdentifier(node) ? node.text : "";
}
