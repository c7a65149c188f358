/**
 * Everything that the command line serves: the implementations, formats and reporters there are.
 *
 * @module
 */
import { fetchQemu, QEMU_WANTS } from "./adapters/qemu/fetch.ts";
import { fetchXenstored, XENSTORED_WANTS } from "./adapters/xenstored/fetch.ts";
import { benches, benchPrograms } from "./benches.ts";
import { bundle, folderOfProcess } from "./bundle.ts";
import type { Product } from "./cli/product.ts";
import { DAEMONS } from "./daemons.ts";
import { mesh, schemas, suspendImage, xenstoreStream } from "./formats.ts";
import { IMPLEMENTATIONS, SOAKED } from "./implementations/mod.ts";
import { qemuStream } from "./machine_formats.ts";
import { PROBES } from "./probes.ts";
import { badge } from "./reporters/badge.ts";
import { change } from "./reporters/change.ts";
import { findings } from "./reporters/findings.ts";
import { github, githubSummary } from "./reporters/github.ts";
import { gitlab } from "./reporters/gitlab.ts";
import { html } from "./reporters/html.ts";
import { junit } from "./reporters/junit.ts";
import { line } from "./reporters/line.ts";
import { loads } from "./reporters/loads.ts";
import { markdown } from "./reporters/markdown.ts";
import { ndjson } from "./reporters/ndjson.ts";
import { safely } from "./reporters/safe.ts";
import { sarif } from "./reporters/sarif.ts";
import { statement, statementJson } from "./reporters/statement.ts";
import { tap } from "./reporters/tap.ts";
import { terminal, terminalInColour } from "./reporters/terminal.ts";
import { versionOf } from "./version.ts";
import { qemuVmstate } from "./vmstate_format.ts";

/** What all commands together need. */
export const product: Product = {
  version: versionOf("../package.json"),
  protocol: {
    // What speaks to others is not loaded for machines that are here.
    reach: async (driving) => (await import("./outside.ts")).protocol.reach(driving),
    serve: async (served, place) => (await import("./outside.ts")).protocol.serve(served, place),
  },
  implementations: IMPLEMENTATIONS,
  soaked: SOAKED,
  worker: new URL("./worker.ts", import.meta.url),
  formats: { mesh },
  daemons: DAEMONS,
  probes: PROBES,
  caseBooks: {
    xenopsd: {
      sweeps: ["crash", "cancel", "migrate", "steps"],
      load: () => import("./case_books.ts").then(({ xenopsdCases }) => xenopsdCases),
    },
  },
  fetchers: {
    xenstored: Object.assign(fetchXenstored, { wants: XENSTORED_WANTS }),
    qemu: Object.assign(fetchQemu, { wants: QEMU_WANTS }),
  },
  streams: { "xenstore-stream": xenstoreStream, "suspend-image": suspendImage },
  machines: { "qemu-stream": qemuStream },
  descriptions: { vmstate: qemuVmstate },
  schemas,
  reporters: {
    terminal: safely(terminal),
    line: safely(line),
    ndjson,
    junit: safely(junit),
    markdown: safely(markdown),
    html: safely(html),
    findings: safely(findings),
    loads: safely(loads),
    statement,
    "statement-json": statementJson,
    badge: safely(badge),
    change: safely(change),
    tap: safely(tap),
    sarif: safely(sarif),
    github: safely(github),
    "github-summary": safely(githubSummary),
    gitlab: safely(gitlab),
  },
  benches,
  benchPrograms,
  pack: (source) => bundle(source, folderOfProcess(), "program"),
  terminalInColour: safely(terminalInColour),
};
