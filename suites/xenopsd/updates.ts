/**
 * Cases of updates. What changes is a VM without devices, and how often is told by `refresh_vm`;
 * tokens are counted from the one at the beginning.
 *
 * Source: xen-api, doc/content/xenopsd/design/Events.md; ocaml/xapi-idl/lib/updates.ml and its
 * tests.
 *
 * @module
 */
import { check } from "../../harness/mod.ts";
import { type Check, type Checks, withClient } from "./check_table.ts";
import { type Client, same, text, type Updates } from "./client.ts";

/** What a history looks like from a token on: barriers, keys, token. */
type Seen = [[number, string[]][], string[], number];

export const UPDATES: Checks = {
  U01: withClient(async (client) => {
    same(await client.updates(), [[], [], 0], "what is known of an empty server");
    same(await client.lastId(), 0, "last_id");
  }),
  U02: history("a", { 0: [[], ["a"], 1], 1: [[], [], 1] }),
  U03: history("a b a", { 0: [[], ["b", "a"], 3], 2: [[], ["a"], 3] }),
  U04: history("a b a -b", { 0: [[], ["a"], 3], 3: [[], [], 3] }),
  U05: history("a b +1:a a c", {
    0: [[[1, ["a"]]], ["b", "a", "c"], 5],
    2: [[[1, []]], ["a", "c"], 5],
    3: [[], ["a", "c"], 5],
  }),
  U06: history("a b +1:a a c !1", { 0: [[], ["b", "a", "c"], 5] }, 6),
  U07: history("+1:a +2:a +3:a", {
    0: [
      [
        [1, []],
        [2, []],
        [3, []],
      ],
      [],
      3,
    ],
    1: [
      [
        [2, []],
        [3, []],
      ],
      [],
      3,
    ],
  }),
  U08: history("b +9:a b", { 0: [[[9, []]], ["b"], 3] }),
  U09: history("a ".repeat(1000).trim(), { 0: [[], ["a"], 1000], 999: [[], ["a"], 1000] }),
  U10: history("a", { 50: [[], [], 50] }),

  U11: withClient(async (client) => {
    await client.add("vm");
    const from = await client.lastId();
    const waiting = [client.updates(from, 30), client.updates(from, 30), client.updates(from, 30)];
    await client.call("UPDATES.refresh_vm", { id: "vm" });
    for (const [, ids] of await Promise.all(waiting)) {
      same(ids, [["Vm", "vm"]], "what a waiting client is told");
    }
  }),

  U12: withClient(async (client) => {
    await client.add("vm");
    const from = await client.lastId();
    same(await client.updates(from, 1), [[], [], from], "the answer when time is out");
  }),

  U13: withClient(async (client) => {
    await client.addFull("vm");
    await client.call("UPDATES.refresh_vm", { id: "vm" });
    const [, ids] = await client.updates();
    demandAll(ids.map(text), ["xvda", "xvdb"], ["0", "1"]);
  }),

  U14: withClient(async (client) => {
    await client.add("vm");
    const from = await client.lastId();
    for (let time = 0; time < 1000; time++) await client.call("UPDATES.refresh_vm", { id: "vm" });
    const [, ids, token] = await client.updates(from);
    same(ids, [["Vm", "vm"]], "what a thousand changes are told as");
    same(token, from + 1000, "the token behind them");
  }),

  U15: withClient(async (client) => {
    await client.addFull("vm");
    await client.call("UPDATES.refresh_vm", { id: "vm" });
    await client.call("VM.remove", { id: "vm" });
    const [, ids] = await client.updates();
    const left = ids.map(text).find((id) => id.includes('"vm"'));
    check(left === undefined, `${left} is told after its removal`);
  }),

  U16: withClient(async (client) => {
    for (const id of ["a", "b"]) await client.add(id);
    await client.start("a");
    const from = await client.lastId();
    for (const id of ["a", "b"]) await client.call("UPDATES.refresh_vm", { id });
    for (const id of [3, 1, 2]) await client.call("UPDATES.inject_barrier", { vm_id: "a", id });
    const [barriers] = await client.updates(from);
    same(
      barriers.map(([id]) => id),
      [3, 1, 2],
      "the order of barriers",
    );
    for (const [, ids] of (await client.updates())[0]) {
      const other = ids.map(text).find((id) => !/^\["(Vm|Vbd|Vif|Pci)",\[?"a"/.test(id));
      check(other === undefined, `a barrier of a tells of ${other}`);
    }
  }),

  U17: withClient(async (client) => {
    await client.add("vm");
    const from = await client.lastId();
    await client.call("UPDATES.inject_barrier", { vm_id: "vm", id: 7 });
    const [first, , token] = await client.updates(from);
    same(first.length, 1, "the number of barriers");
    same((await client.updates(from))[0].length, 1, "the number of barriers at a second look");
    same((await client.updates(token))[0], [], "the barriers with a newer token");
    await client.call("UPDATES.remove_barrier", { id: 7 });
    same((await client.updates(from))[0], [], "the barriers after their removal");
  }),

  U18: withClient(async (client) => {
    await client.addFull("vm");
    const from = await client.lastId();
    await client.call("UPDATES.refresh_vm", { id: "vm" });
    const [, ids] = await client.updates(from);
    demandAll(ids.map(text), ["xvda", "xvdb"], ["0", "1"]);
  }),

  U20: withClient(async (client) => {
    for (const id of ["a", "b"]) await client.add(id);
    await client.call("UPDATES.refresh_vm", { id: "a" });
    const from = await client.lastId();
    await client.call("UPDATES.refresh_vm", { id: "b" });
    same((await client.updates(from))[1], [["Vm", "b"]], "what has changed since last_id");
  }),

  U21: withClient(async (client) => {
    await client.add("a");
    await client.call("UPDATES.refresh_vm", { id: "a" });
    const from = await client.lastId();
    await client.call("VM.remove", { id: "a" });
    const now = await client.lastId();
    check(now > from, `last_id stays ${now}`);
    const told = (await client.updates(from))[1].find(([kind]) => kind !== "Task");
    check(told === undefined, `${text(told)} is told of a removal`);
  }),
};

function demandAll(found: readonly string[], vbds: string[], vifs: string[]): void {
  const wanted = [
    ["Vm", "vm"],
    ...vbds.map((device) => ["Vbd", ["vm", device]]),
    ...vifs.map((device) => ["Vif", ["vm", device]]),
    ["Pci", ["vm", "0000:00:00.0"]],
  ].map(text);
  const missing = wanted.filter((id) => !found.includes(id));
  check(missing.length === 0, `${missing.join(", ")} is not told`);
}

/**
 * Does what the words say, `a` for a change of a, `-a` for its removal, `+1:a` and `!1` for barrier
 * 1 of a and its end, and looks from some tokens on.
 */
function history(words: string, seen: Readonly<Record<number, Seen>>, last?: number): Check {
  return withClient(async (client) => {
    for (const id of ["a", "b", "c"]) await client.add(id);
    const base = await client.lastId();
    for (const word of words.split(" ")) await happen(client, word);
    for (const [from, wanted] of Object.entries(seen)) {
      const found = seenFrom(await client.updates(base + Number(from)), base);
      same(found, wanted, `what "${words.slice(0, 40)}" is from ${from} on`);
    }
    if (last !== undefined) same((await client.lastId()) - base, last, "last_id");
  });
}

async function happen(client: Client, word: string): Promise<void> {
  const [, id, vm_id] = /^[+!](\d+)(?::(\w))?/.exec(word) ?? [];
  if (word.startsWith("+")) await client.call("UPDATES.inject_barrier", { vm_id, id: Number(id) });
  else if (word.startsWith("!")) await client.call("UPDATES.remove_barrier", { id: Number(id) });
  else if (word.startsWith("-")) await client.call("VM.remove", { id: word.slice(1) });
  else await client.call("UPDATES.refresh_vm", { id: word });
}

function seenFrom([barriers, ids, token]: Updates, base: number): Seen {
  const names = (keys: Updates[1]) => keys.flatMap(([kind, id]) => (kind === "Vm" ? [id] : []));
  return [barriers.map(([id, keys]) => [id, names(keys)]), names(ids), token - base];
}
