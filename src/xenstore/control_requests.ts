/**
 * CONTROL, and the requests about quotas and features that came with Xen 4.21 and 4.22.
 *
 * Source: xen, docs/misc/xenstore.txt, "CONTROL" to "SET_QUOTA"; tools/xenstored/control.c.
 *
 * @module
 */
import { QUOTA_NAMES } from "./quota_names.ts";
import {
  type Answer,
  type Handlers,
  type LATER,
  OK,
  type Quotas,
  type Request,
} from "./request.ts";
import { refusal } from "./request_error.ts";
import { numberAtFront, stringsOf } from "./text.ts";
import { TYPE } from "./wire.ts";

/** Defaults of the manual that are not exactly what is possible. */
const DOCUMENTED: Partial<Quotas> = { watches: 128, transactions: 10 };

type Command = (request: Request, args: readonly string[]) => Answer | typeof LATER;

const COMMANDS: Readonly<Record<string, Command>> = {
  check: () => OK,
  help: () => `${Object.keys(COMMANDS).join("\n")}\0`,
  log: () => OK,
  logfile: () => OK,
  memreport: () => OK,
  print: (_, args) => {
    if (args.length !== 1) throw refusal("EINVAL");
    return OK;
  },
  quota: quotaCommand,
  "live-update": (request, args) => {
    if (!request.daemon.profile.hasLiveUpdate) throw refusal("EINVAL");
    return request.daemon.update.control(request, args);
  },
};

function quotaCommand({ daemon }: Request, args: readonly string[]): Answer {
  if (args[0] === "set") {
    setQuota(daemon, args[1] ?? "", args[2] ?? "", undefined);
    return OK;
  }
  if (args.length > 1) throw refusal("EINVAL");
  const domid = args[0] === undefined ? undefined : numberAtFront(args[0]);
  return `${Object.entries(QUOTA_NAMES)
    .map(([name, key]) => `${name.padEnd(17)}: ${String(daemon.quota(key, domid)).padStart(8)}`)
    .join("\n")}\0`;
}

function setQuota(daemon: Request["daemon"], name: string, text: string, domid?: number): void {
  const key = QUOTA_NAMES[daemon.profile.quotaNames[name] ?? name];
  if (key === undefined || daemon.profile.quotaNames[name] === "" || !/^\d+$/.test(text))
    throw refusal("EINVAL");
  daemon.limits.set(key, Number(text) + excessOf(daemon, key), domid);
}

/** So many more than the number in the manual are possible, as they are counted too early. */
function excessOf({ profile }: Request["daemon"], key: keyof Quotas): number {
  const documented = DOCUMENTED[key];
  return documented === undefined ? 0 : profile.quotas[key] - documented;
}

function control(request: Request): Answer | typeof LATER {
  if (!request.connection.privileged) throw refusal("EACCES");
  const [name = "", ...args] = stringsOf(request.message.body);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw refusal("EINVAL");
  return command(request, args);
}

/** oxenstored answers OK to what it does not know, and to whom it does not listen. */
function lenientControl(request: Request): Answer | typeof LATER {
  if (!request.connection.privileged) return OK;
  const [name, ...args] = stringsOf(request.message.body);
  if (name !== "live-update") return OK;
  return request.daemon.update.control(request, args);
}

/** Arguments with or without a domain in front. */
function scoped({ connection, message }: Request, counts: readonly number[]) {
  if (!connection.privileged) throw refusal("EACCES");
  const strings = stringsOf(message.body).filter((it) => it !== "");
  if (!counts.includes(strings.length)) throw refusal("EINVAL");
  return strings;
}

function getFeature(request: Request): Answer {
  const [text] = scoped(request, [0, 1]);
  const { domains, profile } = request.daemon;
  if (text === undefined) return `${profile.features}\0`;
  const domain = domains.get(numberAtFront(text));
  if (domain === undefined) throw refusal("ENOENT");
  return `${domain.features}\0`;
}

function setFeature(request: Request): Answer {
  const [text = "", value = ""] = scoped(request, [2]);
  const domain = request.daemon.domains.get(numberAtFront(text));
  if (domain === undefined) throw refusal("ENOENT");
  domain.features = numberAtFront(value);
  return OK;
}

function getQuota(request: Request): Answer {
  const strings = scoped(request, [0, 1, 2]);
  if (strings.length === 0) return `${Object.keys(QUOTA_NAMES).join(" ")}\0`;
  const key = QUOTA_NAMES[strings.at(-1) ?? ""];
  if (key === undefined) throw refusal("EINVAL");
  const domid = strings.length === 2 ? numberAtFront(strings[0] as string) : undefined;
  return `${request.daemon.quota(key, domid)}\0`;
}

function putQuota(request: Request): Answer {
  const strings = scoped(request, [2, 3]);
  const domid = strings.length === 3 ? numberAtFront(strings[0] as string) : undefined;
  setQuota(request.daemon, strings.at(-2) ?? "", strings.at(-1) ?? "", domid);
  return OK;
}

export const CONTROL: Handlers = { [TYPE.CONTROL]: control };
export const LENIENT_CONTROL: Handlers = { [TYPE.CONTROL]: lenientControl };
export const QUOTAS_AND_FEATURES: Handlers = {
  [TYPE.GET_FEATURE]: getFeature,
  [TYPE.SET_FEATURE]: setFeature,
  [TYPE.GET_QUOTA]: getQuota,
  [TYPE.SET_QUOTA]: putQuota,
};
