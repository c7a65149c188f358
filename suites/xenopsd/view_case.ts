/**
 * The case of a client that knows of a server from updates alone.
 *
 * @module
 */
import { check } from "../../harness/mod.ts";
import { type Checks, withClient } from "./check_table.ts";
import { type Client, text } from "./client.ts";
import { ClientView } from "./client_view.ts";

const HISTORIES = 10;
const OPERATIONS = 40;

export const VIEW: Checks = {
  U19: async (bench) => {
    for (let seed = 1; seed <= HISTORIES; seed++) {
      await withClient((client) => followed(client, seed), { seed })(bench);
    }
  },
};

/** Compares what is known with what there is, after a history that the seed has drawn. */
async function followed(client: Client, seed: number): Promise<void> {
  const view = new ClientView(client);
  const draw = chance(seed);
  for (const id of ["a", "b"]) await client.addFull(id);
  await client.call("UPDATES.refresh_vm", { id: "a" });
  await client.call("UPDATES.refresh_vm", { id: "b" });
  for (let turn = 0; turn < OPERATIONS; turn++) {
    const [method, params] = operationOf(draw);
    await client.call(method, params).catch(() => undefined);
    for (let step = draw(20); step > 0; step--) client.target.steps?.step();
    if (draw(4) === 0) await view.look();
  }
  await client.target.settle();
  await view.look();
  await demandSame(client, view, seed);
}

async function demandSame(client: Client, { known }: ClientView, seed: number): Promise<void> {
  for (const id of ["a", "b"]) {
    const stats: [string, unknown][] = [[text(["Vm", id]), await client.stat(id)]];
    for (const device of await client.vbds(id)) stats.push([text(["Vbd", device[0].id]), device]);
    for (const device of await client.vifs(id)) stats.push([text(["Vif", device[0].id]), device]);
    for (const device of await client.pcis(id)) stats.push([text(["Pci", device[0].id]), device]);
    for (const [key, there] of stats) {
      const found = known.get(key);
      check(
        found === text(there),
        `with seed ${seed} a client knows ${key} as ${found}, and it is ${text(there)}`,
      );
    }
  }
}

type Draw = (limit: number) => number;

/** Numbers from 0 to a limit, always the same for a seed. */
function chance(seed: number): Draw {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function operationOf(draw: Draw): [string, object] {
  const id = draw(2) === 0 ? "a" : "b";
  const device = [id, draw(2) === 0 ? "xvda" : "xvdb"];
  const all: [string, object][] = [
    ["VM.start", { id, paused: false }],
    ["VM.unpause", { id }],
    ["VM.pause", { id }],
    ["VM.shutdown", { id }],
    ["VM.reboot", { id }],
    ["VM.set_vcpus", { id, vcpus: 1 + draw(2) }],
    ["VM.set_xsdata", { id, xsdata: [["vm-data/key", `${draw(100)}`]] }],
    ["VBD.plug", { id: device }],
    ["VBD.unplug", { id: device, force: draw(2) === 0 }],
    ["VIF.set_carrier", { id: [id, "0"], carrier: draw(2) === 0 }],
    ["VIF.unplug", { id: [id, "1"], force: true }],
    ["VIF.plug", { id: [id, "1"] }],
    ["Task.cancel", { id: `${draw(40)}` }],
  ];
  return all[draw(all.length)] as [string, object];
}
