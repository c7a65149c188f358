/**
 * Looks at a controller's registers and at what its admin queue answers.
 *
 * Source: NVM Express Base Specification 2.0c.
 *
 * @module
 */
import { u32At } from "../../../src/bytes/read_little_endian.ts";
import { CC, CNS, REGISTER } from "../../../src/nvme/mod.ts";
import { CC_ENABLED, DATA } from "./nvme_host.ts";
import type { Look, Seen } from "./nvme_look.ts";

const PAGE_SIZE = 4096;
/** SHN and SHST of CC and CSTS: a normal shutdown, and that it is over. */
const [SHUT_DOWN, SHST, OVER] = [1 << CC.SHN_SHIFT, 0xc, 0x8];
/** CSS of CC: a command set that does not exist. */
const NO_COMMAND_SET = 3 << CC.CSS_SHIFT;
/** MPS of CC: pages of 2^27 octets. */
const HUGE_PAGES = 15 << CC.MPS_SHIFT;

const registers: Look = {
  name: "registers/after-power-on",
  source: "3.1.3",
  async take(host) {
    const [low, high] = [await host.read32(REGISTER.CAP), await host.read32(REGISTER.CAP + 4)];
    await host.port.writeRegister(REGISTER.CAP, 0);
    await host.port.writeRegister(REGISTER.VS, 0);
    await host.port.writeRegister(REGISTER.CSTS, 0);
    return {
      "cap.mqes is given": Number((low & 0xffff) >= 1),
      "cap.cqr": (low >>> 16) & 1,
      "cap.to is given": Number(low >>> 24 > 0),
      "cap.dstrd": high & 0xf,
      "cap.css nvm": (high >>> 5) & 1,
      "cap.mpsmin": (high >>> 16) & 0xf,
      "cap stays": Number(low === (await host.read32(REGISTER.CAP))),
      "vs is given": Number((await host.read32(REGISTER.VS)) >= 0x1_00_00),
      cc: await host.read32(REGISTER.CC),
      csts: await host.read32(REGISTER.CSTS),
      aqa: await host.read32(REGISTER.AQA),
    };
  },
};

const writable: Look = {
  name: "registers/keep-what-is-written",
  source: "3.1.3.3 to 3.1.3.10",
  async take(host) {
    const { port } = host;
    const [{ AQA, ASQ, ACQ, INTMS, INTMC }, wide] = [REGISTER, 0xffff_ffff];
    await port.writeRegister(AQA, wide);
    await port.writeRegister(ASQ, 0x0012_3fff);
    await port.writeRegister(ASQ + 4, 0x1);
    await port.writeRegister(ACQ, 0x0045_6fff);
    await port.writeRegister(INTMS, 0x7);
    await port.writeRegister(INTMC, 0x2);
    return {
      aqa: await host.read32(AQA),
      "asq low": await host.read32(ASQ),
      "asq high": await host.read32(ASQ + 4),
      acq: await host.read32(ACQ),
      intms: await host.read32(INTMS),
      intmc: await host.read32(INTMC),
    };
  },
};

const enabling: Look = {
  name: "enable/ready-and-back",
  source: "3.5.1, 3.7.2",
  async take(host) {
    const csts = await host.enable();
    const cc = await host.read32(REGISTER.CC);
    const disabled = await host.disable();
    const aqa = await host.read32(REGISTER.AQA);
    return { csts, cc, disabled, aqa, again: await host.enable() };
  },
};

/** Configurations that no controller offers; it may say so by CSTS.CFS, or not become ready. */
const refusing: Look = {
  name: "enable/what-is-not-offered",
  source: "3.1.3.5 (CC), 3.5.1",
  async take(host) {
    const seen: Record<string, number> = {};
    const tries = [
      ["queues of one entry", { aqa: 0 }],
      ["command set", { cc: CC_ENABLED | NO_COMMAND_SET }],
      ["pages", { cc: CC_ENABLED | HUGE_PAGES }],
    ] as const;
    for (const [name, how] of tries) {
      seen[`${name}: ready`] = (await host.enable(how)) & 1;
      await host.disable();
    }
    return { ...seen, "then ready": (await host.enable()) & 1 };
  },
};

const shutdown: Look = {
  name: "shutdown/is-reported",
  source: "3.6.1",
  async take(host) {
    await host.enable();
    await host.port.writeRegister(REGISTER.CC, CC_ENABLED | SHUT_DOWN);
    return { shst: (await host.status(OVER)) & SHST };
  },
};

const identify: Look = {
  name: "identify/structures",
  source: "5.17; NVM Command Set Specification 1.0c, 4.1.5",
  async take(host) {
    await host.enable();
    const ask = async (nsid: number, cns: number) => {
      await host.port.writeMemory(DATA, new Uint8Array(PAGE_SIZE).fill(0xee));
      const { status } = await host.admin("IDENTIFY", { nsid, cdw10: cns, prp1: DATA });
      return { status, data: await host.port.readMemory(DATA, PAGE_SIZE) };
    };
    const controller = await ask(0, CNS.CONTROLLER);
    const namespace = await ask(1, CNS.NAMESPACE);
    const other = await ask(2, CNS.NAMESPACE);
    const active = await ask(0, CNS.ACTIVE_NAMESPACES);
    return {
      controller: controller.status,
      sqes: controller.data[512] ?? 0,
      cqes: controller.data[513] ?? 0,
      "nn is given": Number(u32At(controller.data, 516) > 0),
      namespace: namespace.status,
      nsze: u32At(namespace.data, 0),
      lbads: namespace.data[130] ?? 0,
      "other is zeros": Number(other.data.every((octet) => octet === 0)),
      "other status": other.status,
      "namespace 0": (await ask(0, CNS.NAMESPACE)).status,
      "namespace 0xfffffff0": (await ask(0xffff_fff0, CNS.NAMESPACE)).status,
      active: active.status,
      "active first": u32At(active.data, 0),
      "active second": u32At(active.data, 4),
      "active above 0xffffffff": (await ask(0xffff_ffff, CNS.ACTIVE_NAMESPACES)).status,
      "unknown structure": (await ask(1, 0x7f)).status,
    };
  },
};

const features: Look = {
  name: "features/set-and-get",
  source: "5.15, 5.27",
  async take(host) {
    await host.enable();
    const set = async (cdw10: number, cdw11: number) =>
      (await host.admin("SET_FEATURES", { cdw10, cdw11 })).status;
    const get = (cdw10: number) => host.admin("GET_FEATURES", { cdw10 });
    const asked = await host.admin("SET_FEATURES", { cdw10: 0x07, cdw11: 0x0001_0001 });
    const seen: Seen = {
      "queues set": asked.status,
      "queues granted": asked.dw0,
      "too many queues": await set(0x07, 0xffff_ffff),
      "threshold set": await set(0x04, 0x0150),
      "threshold got": (await get(0x04)).dw0,
      "threshold at first": (await get(0x0104)).dw0,
      "events at first": (await get(0x010b)).dw0,
      "unknown set": await set(0x7f, 0),
      "unknown got": (await get(0x7f)).status,
      "0 got": (await get(0x00)).status,
      "saved set": await set(0x8000_0004, 0x0150),
    };
    await host.createQueue(1);
    return { ...seen, "queues set late": await set(0x07, 0x0001_0001) };
  },
};

const unknown: Look = {
  name: "commands/unknown",
  source: "3.3.3.2.1",
  async take(host) {
    await host.enable();
    const command = { opcode: 0x7e, nsid: 0, prp1: 0, prp2: 0, cdw10: 0, cdw11: 0 };
    const answer = await host.send(0, { ...command, cdw12: 0, cdw13: 0 });
    const { status, sqid, doNotRetry } = answer;
    return { status, sqid, "do not retry": Number(doNotRetry) };
  },
};

export const ADMIN_LOOKS: readonly Look[] = [
  registers,
  writable,
  enabling,
  refusing,
  shutdown,
  identify,
  features,
  unknown,
];
