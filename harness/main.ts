#!/usr/bin/env -S node --max-semi-space-size=8
/**
 * The command `freezethaw`: hands the implementations, formats and reporters there are to the
 * command line.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { xenstore } from "./adapters/xenstore/mod.ts";
import { fetchXenstored } from "./adapters/xenstored/mod.ts";
import { runCommandLine } from "./cli/command_line.ts";
import type { Product } from "./cli/product.ts";
import { processShell } from "./cli/shell.ts";
import { mesh, schemas, xenstoreStream } from "./formats.ts";
import { openhcl, xenstored } from "./implementations.ts";
import { html } from "./reporters/html.ts";
import { junit } from "./reporters/junit.ts";
import { line } from "./reporters/line.ts";
import { markdown } from "./reporters/markdown.ts";
import { ndjson } from "./reporters/ndjson.ts";
import { terminal, terminalInColour } from "./reporters/terminal.ts";

/** Everything that the command line serves. */
export const product: Product = {
  version: versionOf("../package.json"),
  implementations: { openhcl, xenstored },
  worker: new URL("./worker.ts", import.meta.url),
  formats: { mesh },
  daemons: { xenstore },
  fetchers: { xenstored: fetchXenstored },
  streams: { "xenstore-stream": xenstoreStream },
  schemas,
  reporters: { terminal, line, ndjson, junit, markdown, html },
  terminalInColour,
};

if (import.meta.main) {
  process.exitCode = await runCommandLine(process.argv.slice(2), product, processShell());
}

function versionOf(path: string): string {
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
