/**
 * The steps between the revisions of the reference devices, both ways.
 *
 * @module
 */
import { FULL_MAC, MITIGATION, TSO } from "./e1000.ts";
import { SERIAL_SUBSECTIONS } from "./serial.ts";
import { type Step, Transformations } from "./transform.ts";
import { isBlank, isTree, subsectionOf, type Tree, type Value, withoutSubsection } from "./tree.ts";

/** All of them, on a list of their own. */
export function referenceSteps(): Transformations {
  const all = new Transformations();
  for (const step of [...e1000Steps(), ...serialSteps(), ...virtioSerialSteps(), ...nvmeSteps()]) {
    all.register(step);
  }
  return all;
}

function e1000Steps(): readonly Step[] {
  const instance = new Uint8Array(4);
  return [
    oneWay("e1000", 1, 2, ({ instance_id: _gone, ...rest }) => [rest, []]),
    oneWay("e1000", 2, 1, (tree) => [{ ...tree, instance_id: instance }, []]),
    ...[MITIGATION, FULL_MAC, TSO].flatMap((name, at) => [
      same("e1000", at + 2, at + 3),
      oneWay("e1000", at + 3, at + 2, (tree) => dropped(tree, name)),
    ]),
  ];
}

function serialSteps(): readonly Step[] {
  return [
    // A divider that eight bits hold is the same number; a wider one cannot be told.
    same("serial", 1, 2),
    oneWay("serial", 2, 1, (tree) => {
      const divider = Number(tree.divider);
      return [{ ...tree, divider: divider & 0xff }, divider > 0xff ? ["divider"] : []];
    }),
    oneWay("serial", 2, 3, (tree) => [{ ...tree, fcr: 0 }, []]),
    oneWay("serial", 3, 2, ({ fcr = 0, ...rest }) => [rest, fcr === 0 ? [] : ["fcr"]]),
    same("serial", 3, 4),
    oneWay("serial", 4, 3, (tree) => {
      let rest = tree;
      const lost: string[] = [];
      for (const name of SERIAL_SUBSECTIONS) {
        const [next, more] = dropped(rest, name);
        rest = next;
        lost.push(...more);
      }
      return [rest, lost];
    }),
  ];
}

function virtioSerialSteps(): readonly Step[] {
  const name = "virtio-console";
  return [
    oneWay(name, 1, 2, () => [
      { cols: 0, rows: 0, max_nr_ports: 31, ports_map: [0], ports: [] },
      [],
    ]),
    oneWay(name, 2, 1, ({ ports }) => [{}, portsOf(ports).length === 0 ? [] : ["ports"]]),
    oneWay(name, 2, 3, (tree) => {
      const ports = portsOf(tree.ports).map((port) => ({ ...port, elem_popped: 0 }));
      return [{ ...tree, ports }, []];
    }),
    oneWay(name, 3, 2, (tree) => {
      const all = portsOf(tree.ports);
      const lost = all.flatMap(({ elem_popped }, at) =>
        elem_popped === 0 ? [] : [`ports.${at}.popped`, `ports.${at}.elem_popped`],
      );
      const ports = all.map(({ elem_popped: _left, popped: _too, ...port }) => port);
      return [{ ...tree, ports }, lost];
    }),
  ];
}

/** One device into two, and two into one: each keeps all of it. */
function nvmeSteps(): readonly Step[] {
  return [
    {
      takes: { nvme: 1 },
      gives: { nvme: 2, "nvme-ns": 1 },
      apply({ nvme: { namespaces = [], ...controller } = {} }) {
        return { states: { nvme: controller, "nvme-ns": { namespaces } }, lost: [] };
      },
    },
    {
      takes: { nvme: 2, "nvme-ns": 1 },
      gives: { nvme: 1 },
      apply({ nvme = {}, "nvme-ns": { namespaces = [] } = {} }) {
        return { states: { nvme: { ...nvme, namespaces } }, lost: [] };
      },
    },
  ];
}

function oneWay(
  device: string,
  from: number,
  to: number,
  make: (tree: Tree) => readonly [Tree, readonly string[]],
): Step {
  return {
    takes: { [device]: from },
    gives: { [device]: to },
    apply(states) {
      const [tree, lost] = make(states[device] ?? {});
      return { states: { [device]: tree }, lost: lost.map((what) => `${device}: ${what}`) };
    },
  };
}

function same(device: string, from: number, to: number): Step {
  return oneWay(device, from, to, (tree) => [tree, []]);
}

/** What says nothing is no loss. */
function dropped(tree: Tree, name: string): readonly [Tree, readonly string[]] {
  const one = subsectionOf(tree, name);
  return [withoutSubsection(tree, name), one === undefined || isBlank(one) ? [] : [name]];
}

function portsOf(value: Value | undefined): readonly Tree[] {
  return Array.isArray(value) ? value.filter(isTree) : [];
}
