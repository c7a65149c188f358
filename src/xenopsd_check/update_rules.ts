/**
 * I7 to I10: what getters of updates are told, against times that are kept apart.
 *
 * @module
 */
import type { Reply, World } from "../xenopsd/mod.ts";
import type { Report, Rules, Subject } from "./rules.ts";

type Times = Map<string, number>;
type Id = Reply["ids"][number];

interface Barrier {
  readonly id: number;
  readonly vm: string;
  readonly time: number;
  readonly snapshot: Times;
}

export function updateRules(subject: Subject, report: Report): Rules {
  const times: Times = new Map();
  const { world } = subject;
  let barriers: readonly Barrier[] = [];
  const inject = (name: string, time: number) => {
    const [id = "", vm = ""] = split(name, ":");
    const ofVm = [...times].filter(([key]) => vmOf(key) === vm);
    barriers = [...barriers, { id: Number(id), vm, time, snapshot: new Map(ofVm) }];
  };
  const judge = (from: number, reply: Reply, timedOut: boolean) => {
    const isEmpty = reply.ids.length === 0 && reply.barriers.length === 0;
    if (isEmpty !== timedOut) {
      report("I8", timedOut ? "time is out, and something is told" : "nothing is told in time");
    }
    if (isEmpty && reply.token !== from) {
      report("I8", `nothing is told, and token ${from} becomes ${reply.token}`);
    }
    if (reply.token < from) report("I7", `token ${from} is followed by ${reply.token}`);
    if (!timedOut) judgeIds(from, reply.ids, times, report);
    const since = timedOut ? [] : barriers.filter(({ time }) => time > from);
    if (since.length !== reply.barriers.length) {
      report("I9", `${reply.barriers.length} barriers are told instead of ${since.length}`);
    }
    for (const [at, [id, ids]] of reply.barriers.entries()) {
      const barrier = since[at];
      if (barrier?.id !== id) report("I9", `barrier ${id} is told instead of ${barrier?.id}`);
      else judgeBarrier(from, ids, barrier, report);
    }
  };
  return {
    onUpdate(change, key, time) {
      if (change === "add") {
        times.set(key, time);
        if (!hasRecord(world, key)) report("I10", `${key} is told, and has no record`);
      } else if (change === "remove") times.delete(key);
      else if (change === "inject") inject(key, time);
      else if (change === "remove_barrier")
        barriers = barriers.filter(({ id }) => id !== Number(key));
      else resync(times, subject);
    },
    onReply: judge,
    onQuiet() {
      for (const key of times.keys()) {
        if (!hasRecord(world, key)) report("I10", `${key} is still told, and has no record`);
      }
    },
  };
}

/** Everything that is newer, once, in the order of time. */
function judgeIds(from: number, ids: readonly Id[], times: Times, report: Report): void {
  let last = from;
  const seen = new Set<string>();
  for (const id of ids) {
    const key = keyOf(id);
    const time = times.get(key) ?? -1;
    if (seen.has(key)) report("I7", `${key} is told twice in one answer`);
    else if (time <= last) report("I7", `${key} of time ${time} is told after ${last}`);
    seen.add(key);
    last = time;
  }
  if (seen.size === ids.length) {
    for (const [key, time] of times) {
      if (time > from && !seen.has(key)) report("I7", `${key} has changed after ${from}, untold`);
    }
  }
}

function judgeBarrier(
  from: number,
  ids: readonly Id[],
  { vm, snapshot }: Barrier,
  report: Report,
): void {
  const found = new Set(ids.map(keyOf));
  for (const key of found) {
    if (vmOf(key) !== vm) report("I9", `a barrier of ${vm} tells of ${key}`);
  }
  for (const [key, time] of snapshot) {
    if (time > from && !found.has(key)) report("I9", `a barrier of ${vm} does not tell of ${key}`);
  }
}

function resync(times: Times, { machine }: Subject): void {
  times.clear();
  for (const [key, { time }] of machine.updates.changes) times.set(key, time);
}

function keyOf([kind, name]: Id): string {
  return typeof name === "string" ? `${kind}:${name}` : `${kind}:${name[0]}/${name[1]}`;
}

/** The VM of a key; of a task there is none. */
function vmOf(key: string): string | undefined {
  if (key.startsWith("Task:")) return undefined;
  return split(split(key, ":")[1] ?? "", "/")[0];
}

function split(text: string, by: string): [string, string?] {
  const at = text.indexOf(by);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Network interfaces, USB devices and tasks are told whatever is in the database. */
function hasRecord({ fs }: World, key: string): boolean {
  const [kind, name = ""] = split(key, ":");
  const [vm, device = ""] = split(name, "/");
  if (kind === "Vm") return fs.has(["VM", vm, "config"]);
  if (kind === "Vbd") return fs.has(["VM", vm, `vbd.${device}`]);
  if (kind === "Pci") return fs.has(["PCI", vm, `pci.${device}`]);
  if (kind === "Vgpu") return fs.has(["VM", vm, `vgpu.${device}`]);
  return true;
}
