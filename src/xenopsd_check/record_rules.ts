/**
 * I18, I19, I21 and I22: what lies in the database can be read, belongs to a VM, survives being
 * written, and is upgraded once and for all. Only what has changed is looked at.
 *
 * @module
 */
import {
  type Codec,
  type Host,
  PCI,
  RpcDict,
  readJson,
  VBD,
  VGPU,
  VIF,
  VM,
  VUSB,
  writeJson,
} from "../xenops_interface/mod.ts";
import { upgradeInternalState, VM_EXTRA, type VmExtra } from "../xenopsd_record/mod.ts";
import type { MakeRules, Report, Rules, Subject } from "./rules.ts";
import { vmRecordOf } from "./world_records.ts";

type Path = readonly string[];

const DEVICES: Readonly<Record<string, Codec<unknown>>> = {
  vbd: VBD,
  vif: VIF,
  vgpu: VGPU,
  vusb: VUSB,
  pci: PCI,
};

/** A key that no version has. */
const UNKNOWN = ["of_the_future", new RpcDict([["deep", 1n]])] as const;

export const recordRules: MakeRules = recordRulesWith(upgradeInternalState);

/** With another upgrade than that of the model. */
export function recordRulesWith(upgrade: Upgrade): MakeRules {
  return (subject, report) => rulesOf(upgraded(subject, upgrade), report);
}

type Upgrade = typeof upgradeInternalState;
interface Upgraded extends Subject {
  readonly upgrade: Upgrade;
}

/** The machine comes later. */
function upgraded(subject: Subject, upgrade: Upgrade): Upgraded {
  return {
    world: subject.world,
    get machine() {
      return subject.machine;
    },
    upgrade,
  };
}

function rulesOf(subject: Upgraded, report: Report): Rules {
  const { fs } = subject.world;
  let changed = new Map<string, Path>();
  const judgeChanged = () => {
    for (const path of changed.values()) judge(subject, path, report);
    changed = new Map();
  };
  return {
    onFs(path, before, after) {
      const name = path.at(-1) ?? "";
      if (after === undefined || name.endsWith(".tmp")) return;
      changed.set(path.join("/"), path);
      const isDevice = /^(vbd|vif|vgpu|vusb|pci)\./.test(name);
      if (!isDevice || before !== undefined) return;
      const vm = path[1] ?? "";
      if (!fs.has(["VM", vm, "config"])) report("I19", `${path.join("/")} has no VM`);
    },
    onStep() {
      if (changed.size > 0) judgeChanged();
    },
    onCrash: judgeChanged,
  };
}

function judge(subject: Upgraded, path: Path, report: Report): void {
  const { fs } = subject.world;
  const codec = codecOf(path);
  const text = fs.text(path);
  if (codec === undefined || text === undefined) return;
  const name = path.join("/");
  let value: unknown;
  try {
    value = codec.decode(readJson(text));
  } catch (error) {
    report("I18", `${name} cannot be read: ${(error as Error).message}`);
    return;
  }
  const wrong = unstableOf(codec, value, text);
  if (wrong !== undefined) report("I22", `${name} ${wrong}`);
  if (codec === VM_EXTRA) judgeUpgrade(subject, path, value as VmExtra, report);
}

function codecOf([folder, , file = ""]: Path): Codec<unknown> | undefined {
  if (folder === "extra") return VM_EXTRA;
  if (folder !== "VM" && folder !== "PCI") return undefined;
  return file === "config" ? VM : DEVICES[file.split(".")[0] ?? ""];
}

/** What of `value` changes when it is written and read, with a key that nobody knows. */
function unstableOf(codec: Codec<unknown>, value: unknown, text: string): string | undefined {
  const rpc = codec.encode(value);
  if (writeJson(rpc) !== text) return "is not written as it was";
  const more = new RpcDict([...(rpc as RpcDict).entries, UNKNOWN]);
  if (writeJson(codec.encode(codec.decode(more))) !== text) return "changes with an unknown key";
  return undefined;
}

function judgeUpgrade(
  { world: { fs }, machine, upgrade }: Upgraded,
  [, vm = ""]: Path,
  extra: VmExtra,
  report: Report,
): void {
  const record = vmRecordOf(fs, vm);
  const call = machine.call("HOST.stat", { debug_info: "check" });
  if (record === undefined || call.state !== "done") return;
  const { cpu_info } = call.result as Host;
  const once = upgrade(extra, record, cpu_info);
  const wrong = (what: string) => report("I21", `an upgrade of ${vm} ${what}`);
  const twice = upgrade(once, record, cpu_info);
  if (shown(twice) !== shown(once)) wrong("that is done twice differs");
  if (once.version !== extra.version) wrong(`makes version ${once.version} of ${extra.version}`);
  const { original_profile: original } = extra;
  if (original !== undefined && once.original_profile !== original) {
    wrong(`makes profile ${once.original_profile} of ${original}`);
  }
  if (!featuresOf(once).startsWith(featuresOf(extra))) wrong("shrinks its featureset");
}

function featuresOf({ platformdata }: VmExtra): string {
  return platformdata.find(([key]) => key === "featureset")?.[1] ?? "";
}

function shown(extra: VmExtra): string {
  return writeJson(VM_EXTRA.encode(extra));
}
