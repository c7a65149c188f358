/**
 * The messages of the adapter protocol: what each method is asked with and what it answers. The
 * JSON Schema and the tables of the page about it are made from this; see `write_protocol.ts`.
 *
 * @module
 */
import type { Blob } from "./octets.ts";
import { type Of, type Shape, shapes } from "./shape.ts";

const { anything, either, flag, integer, list, object, oneOf, optional, record, text } = shapes;

/** Versions of the protocol that this harness speaks. */
export const PROTOCOL_MIN = 1;
export const PROTOCOL_MAX = 1;

const settings = record(text(""), "Values of the axes per path and per save, by name");
const inputs = record(text(""), "Values of the axes per hop, by name");
const machine = text("Names the machine in what follows", 1);
const release = text("One of the releases of hello", 1);
const seed = integer("All that looks random must come from it");
const rig = text("Machines with the same one share host and hardware", 1);

/** Octets: in the message, or straight behind its newline. */
const octets = object({ base64: text("Octets in base64") });
const behind = object({ frame: integer("So many octets stand straight behind the newline") });
const written = either(octets, behind);
/** Within the harness it is the octets themselves. */
export const blob: Shape<Blob> = {
  schema: written.schema,
  check: (value, place) => (value instanceof Uint8Array ? undefined : written.check(value, place)),
};

const axis = object({
  name: text("Names the axis in conditions", 1),
  values: list(text("", 1), "Its values", 1),
  per: oneOf("hop", "save", "path"),
  neutral: optional(text("The usual value, which names leave out")),
  meaning: optional(text("What it stands for, in one line")),
});

const limits = object(
  {
    messageBytes: optional(integer("Octets of a message that it takes", 1)),
    stateBytes: optional(integer("Octets of a state that it takes", 1)),
    machines: optional(integer("Machines at once", 1)),
    inFlight: optional(integer("Requests at once; 1 when absent", 1)),
  },
  "What the adapter can bear",
);

const names = list(text("", 1), "Names");
const role = oneOf("save", "restore", "codec");

export const helloResult = object({
  protocol: integer("The version that the adapter picks", 1),
  name: text("Name of the implementation", 1),
  releases: list(text("", 1), "What can be started, oldest first", 1),
  facets: names,
  capabilities: optional(either(names, record(names, "By release"))),
  format: optional(text("Name of the format of saved states; who has the same reads it", 1)),
  roles: optional(record(list(role, "What it can do"), "By release; save and restore when absent")),
  limits: optional(limits),
  frames: optional(flag),
  axes: optional(list(axis, "What may differ from hop to hop, save to save, path to path")),
  ticks: optional(list(text(""), "JSON pointers into what observe tells: they never go back")),
  volatile: optional(list(text(""), "JSON pointers likewise: they may change at will")),
  absent: optional(record(text("", 1), "By release: why it cannot be started here")),
  deprecated: optional(record(text(""), "By what will go: from when on, and what to use")),
});
export type Hello = Of<typeof helloResult>;

const facet = object({
  methods: list(text("", 1), "What can be called"),
  values: optional(record(anything, "What does not change while the machine runs")),
});

const started = object({
  machine,
  release: text("The release that runs, as it reports itself", 1),
  build: optional(text("The build, where it says more than the release")),
  facets: optional(record(facet, "Methods of the facets but observe, by facet")),
  verbs: optional(list(text("", 1), "Of goOn and takeLeave, those that the machine has")),
});
export type Started = Of<typeof started>;

const value = object({ value: anything });
const begin = { release, inputs, settings, seed, rig };
const origin = object({ implementation: text("", 1), release: text("", 1) });

export interface Method {
  readonly about: string;
  readonly params: Shape<unknown>;
  readonly result: Shape<unknown>;
}

const range = object({ min: integer("", 1), max: integer("", 1) });

export const METHODS = {
  hello: {
    about: "The first request on a connection.",
    params: object({ protocol: range, harness: text("Its name"), frames: flag }),
    result: helloResult,
  },
  start: { about: "Boots a fresh machine.", params: object(begin), result: started },
  restore: {
    about: "Starts a machine from a state, all of it, or refuses and changes nothing.",
    params: object({ ...begin, state: blob, format: text("", 1), writer: origin }),
    result: started,
  },
  save: {
    about: "Stops a machine and saves it. After success only stop follows.",
    params: object({ machine, correlationId: text("GUID; names the save", 1), settings }),
    result: object({ state: blob }),
  },
  observe: {
    about: "What the guest can see, as any JSON value. Changes nothing.",
    params: object({ machine }),
    result: value,
  },
  call: {
    about: "Calls a method of another facet; values that JSON lacks are tagged.",
    params: object({
      machine,
      facet: text("", 1),
      method: text("", 1),
      arguments: list(anything, ""),
    }),
    result: value,
  },
  decode: {
    about: "Role codec: a state as a JSON value.",
    params: object({ release, state: blob }),
    result: value,
  },
  encode: {
    about: "Role codec: a value that decode gave as a state.",
    params: object({ release, value: anything }),
    result: object({ state: blob }),
  },
  stop: {
    about: "Ends a machine, whatever it is at.",
    params: object({ machine }),
    result: object({}),
  },
  endRig: {
    about: "Capability rigs: nothing more comes on this rig.",
    params: object({ rig }),
    result: object({}),
  },
  fork: {
    about: "Capability rigs.fork, for models: a copy of host and hardware that goes on apart.",
    params: object({ rig, as: text("Names the copy", 1) }),
    result: object({}),
  },
  struck: {
    about: "Capability rigs.struck, for models: what the fault of the settings has done so far.",
    params: object({ rig }),
    result: value,
  },
  goOn: {
    about: "A verb of start and restore: the guest goes on; until then it has only been restored.",
    params: object({ machine }),
    result: object({}),
  },
  takeLeave: {
    about:
      "A verb likewise, at the end of a path: what the guest could not do, as a list of words.",
    params: object({ machine }),
    result: value,
  },
} as const satisfies Readonly<Record<string, Method>>;

export type MethodName = keyof typeof METHODS;
export type Params<M extends MethodName> = Of<(typeof METHODS)[M]["params"]>;
export type Result<M extends MethodName> = Of<(typeof METHODS)[M]["result"]>;

/** What the adapter may say unasked. */
export const logParams = object({
  level: oneOf("debug", "info", "warn", "error"),
  text: text("What there is to say"),
});

/** Codes of errors, and what they say. */
export const CODES = {
  refused: -32001,
  crashed: -32002,
  hung: -32003,
  saveFailed: -32004,
  unsupported: -32005,
  absent: -32006,
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  internal: -32603,
} as const;

export const errorShape = object({
  code: integer("", -32768),
  message: text("One line; the reason of the verdict"),
  data: optional(anything),
});
export type RpcError = Of<typeof errorShape>;
