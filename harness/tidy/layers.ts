/**
 * The layers: what each folder may import besides itself. Formats are facts about bytes and open
 * to all; models are seen by their adapter only; the harness knows no implementation by name.
 *
 * Source: the import rule of the architecture. Type-only imports count.
 *
 * @module
 */
import type { Finding } from "./finding.ts";
import { PACKAGES } from "./packages_table.ts";
import { resolve, type Source } from "./source.ts";

const FORMATS = [
  "src/bytes",
  "src/schema",
  "src/mesh",
  "src/openhcl_state",
  "src/xenstore_stream",
  "src/qemu_stream",
  "src/qemu_vmstate",
  "src/xenops_interface",
  "src/suspend_image",
  "src/xenopsd_record",
  "src/xenopsd_release",
];
const MODELS = [
  "machine",
  "memory",
  "chipset",
  "nvme",
  "nvme_driver",
  "vmbus",
  "storvsp",
  "guest",
  "openhcl",
].map((name) => `src/${name}`);
const ADAPTERS = "harness/adapters";
const NOUNS = ["harness", "harness/facets"];

/** A folder, or one file, and what it may import: folders (not those below them) or files. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "src/bytes": [],
  "src/schema": ["src/bytes"],
  "src/mesh": ["src/bytes", "src/schema"],
  "src/openhcl_state": ["src/bytes", "src/schema", "src/mesh"],
  "src/xenstore_stream": ["src/bytes"],
  "src/qemu_stream": ["src/bytes"],
  "src/qemu_vmstate": ["src/bytes"],
  "src/xenops_interface": ["src/bytes"],
  "src/suspend_image": ["src/bytes"],
  "src/xenopsd_record": ["src/bytes", "src/xenops_interface"],
  "src/xenopsd_release": [
    "src/bytes",
    "src/xenops_interface",
    "src/suspend_image",
    "src/xenopsd_record",
  ],
  "src/machine": FORMATS,
  "src/memory": [...FORMATS, "src/machine"],
  "src/chipset": [...FORMATS, "src/machine"],
  "src/nvme": [...FORMATS, "src/machine", "src/memory"],
  "src/nvme_driver": [...FORMATS, "src/machine", "src/memory", "src/nvme"],
  "src/vmbus": [...FORMATS, "src/machine", "src/memory"],
  "src/storvsp": [...FORMATS, "src/machine", "src/memory", "src/vmbus"],
  // The guest knows its buses and its memory, and nothing of what is behind them.
  "src/guest": [...FORMATS, "src/machine", "src/memory", "src/vmbus", "src/storvsp"],
  "src/openhcl": [...FORMATS, ...MODELS],
  "src/xenstore": ["src/bytes", "src/xenstore_stream"],
  "src/qemu": ["src/bytes", "src/qemu_stream"],
  "src/xenopsd": FORMATS,
  // It looks on while the machine runs, and strikes it.
  "src/xenopsd_check": [...FORMATS, "src/xenopsd"],
  harness: ["harness/facets", "harness/covering"],
  "harness/facets": [],
  // Combinations of numbers; what they stand for is no matter of theirs.
  "harness/covering": [],
  "harness/faults": [...NOUNS, ...FORMATS],
  // The same requests for the model of XenStore and for another daemon.
  "harness/xenstore_probe": [...NOUNS, "src/xenstore"],
  "harness/oracles": [...NOUNS, ...FORMATS, "harness/faults"],
  "harness/reporters": NOUNS,
  // What runs have shown, kept and asked.
  "harness/history": [...NOUNS, "harness/bench"],
  "harness/evidence": NOUNS,
  // How real programs are got, whatever they are.
  "harness/fetch": [],
  // It judges adapters, and speaks their protocol by itself.
  "harness/doctor": [],
  [ADAPTERS]: [
    ...NOUNS,
    ...FORMATS,
    ...MODELS,
    "src/xenstore",
    "src/qemu",
    "src/xenopsd",
    "harness/faults",
    "harness/fetch",
    "harness/xenstore_probe",
  ],
  // What a comparison of costs is decided by, and what is measured of an adapter.
  "harness/bench": [...NOUNS, "harness/reporters"],
  "harness/cli": [
    ...NOUNS,
    "harness/doctor",
    "harness/history",
    "harness/evidence",
    "harness/bench",
  ],
  // Those that know what there is: they hand formats, adapters and suites to the rest.
  "harness/stream_formats.ts": ["src/suspend_image", "src/xenstore_stream", "harness/cli"],
  "harness/version.ts": [],
  "harness/kit.ts": ["harness/cli"],
  "harness/streams.ts": ["harness/cli", "harness/stream_formats.ts"],
  "harness/formats.ts": [...FORMATS, "harness/cli", "harness/stream_formats.ts"],
  "harness/machine_formats.ts": ["src/qemu_stream", "harness/cli"],
  "harness/bundle.ts": [],
  "harness/benches.ts": [...FORMATS, "harness/cli"],
  "harness/own_code.ts": ["harness/benches.ts", "harness/cli"],
  "harness/packed.ts": ["harness/bundle.ts"],
  "harness/vmstate_format.ts": ["src/qemu_vmstate", ADAPTERS, "harness/cli"],
  "harness/outside.ts": [ADAPTERS, ...NOUNS, "harness/cli", "harness/version.ts", "suites"],
  "harness/implementations": [
    ...NOUNS,
    "harness/packed.ts",
    ...FORMATS,
    ADAPTERS,
    "harness/cli",
    "harness/oracles",
    "suites",
    "suites/known",
  ],
  "harness/probes.ts": [ADAPTERS, "harness/cli", "harness/xenstore_probe", "suites/known"],
  "harness/case_books.ts": [
    "src/xenopsd",
    "src/xenopsd_check",
    ADAPTERS,
    "harness/cli",
    "suites/known",
    "suites/xenopsd",
  ],
  // It starts, and hands over to one of the others.
  "harness/main.ts": [
    "harness/cli",
    "harness/streams.ts",
    "harness/version.ts",
    "harness/machines.ts",
    "harness/serve.ts",
    "harness/kit.ts",
    "harness/own_code.ts",
    "harness/vmstates.ts",
    "harness/product.ts",
  ],
  "harness/machines.ts": [
    "harness/cli",
    "harness/machine_commands.ts",
    "harness/machine_formats.ts",
    "harness/plain_command.ts",
  ],
  "harness/machine_commands.ts": ["harness/cli", "harness/machine_formats.ts"],
  "harness/vmstates.ts": ["harness/cli", "harness/plain_command.ts", "harness/vmstate_format.ts"],
  "harness/plain_command.ts": ["harness/cli"],
  "harness/daemons.ts": [ADAPTERS, "harness/cli"],
  "harness/serve.ts": ["harness/daemons.ts", "harness/cli"],
  "harness/product.ts": [
    ADAPTERS,
    "harness/daemons.ts",
    "harness/benches.ts",
    "harness/bundle.ts",
    "harness/cli",
    "harness/version.ts",
    "harness/case_books.ts",
    "harness/formats.ts",
    "harness/implementations",
    "harness/machine_formats.ts",
    "harness/outside.ts",
    "harness/probes.ts",
    "harness/reporters",
    "harness/vmstate_format.ts",
  ],
  "harness/worker.ts": ["harness/cli", "harness/implementations"],
  "harness/mutations": [...NOUNS, "harness/cli", "harness/implementations"],
  "harness/tidy": [],
  "harness/tidy_test.ts": ["harness/tidy"],
  suites: ["harness/mod.ts", "harness/facets", ...FORMATS],
  // Its cases speak the interface to any server.
  "suites/xenopsd": ["harness/mod.ts", "harness/facets", ...FORMATS],
  "suites/known": ["harness/mod.ts"],
  compat: [],
};

/** A test of a format may show it on the real messages; some tests are of the whole program. */
const TESTS_MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/bytes": FORMATS,
  "src/schema": FORMATS,
  "src/mesh": FORMATS,
  "harness/cli": Object.keys(LAYERS),
  suites: Object.keys(LAYERS),
  "suites/xenopsd": Object.keys(LAYERS),
};

/** Every import points down the layers, and packages come in where they are meant to. */
export function checkLayers(source: Source): Finding[] {
  const layer = layerOf(source.path);
  const isTest = /_(?:test|bench)\.ts$/.test(source.path);
  if (layer === undefined) {
    const what = "folder is in no layer; add it to harness/tidy/layers.ts";
    return [{ path: source.path, line: 1, rule: "layers", what }];
  }
  const allowed = [...(LAYERS[layer] ?? []), ...(isTest ? (TESTS_MAY_IMPORT[layer] ?? []) : [])];
  return source.imports.flatMap(({ name, line }) => {
    const target = resolve(source.path, name);
    const permitted =
      target === undefined
        ? isTest || isBuiltin(name) || (PACKAGES[layer] ?? []).some((it) => isPart(name, it))
        : permits(layer, allowed, source, target) || (isTest && isPart(target, "compat"));
    if (permitted) return [];
    return [{ path: source.path, line, rule: "layers", what: `must not import ${target ?? name}` }];
  });
}

function permits(layer: string, allowed: readonly string[], source: Source, target: string) {
  if (adapterOf(target) !== adapterOf(source.path) && layer === ADAPTERS) {
    return adapterOf(target) === undefined && allowed.includes(layerOf(target) ?? "");
  }
  return allowed.includes(target) || [layer, ...allowed].includes(layerOf(target) ?? "");
}

/** The name in `harness/adapters/NAME/`: adapters do not see each other. */
function adapterOf(path: string): string | undefined {
  return isPart(path, ADAPTERS) ? path.split("/")[2] : undefined;
}

/** The longest entry of the table that the path is below of. */
function layerOf(path: string): string | undefined {
  return Object.keys(LAYERS)
    .filter((layer) => isPart(path, layer))
    .sort((a, b) => b.length - a.length)[0];
}

function isPart(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}/`);
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:");
}
