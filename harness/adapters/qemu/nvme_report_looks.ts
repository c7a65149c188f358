/**
 * Looks at what a controller reports: log pages, events, and commands that it has aborted.
 *
 * Source: NVM Express Base Specification 2.0c.
 *
 * @module
 */
import { u16At } from "../../../src/bytes/read_little_endian.ts";
import { doorbellAt, LOG_PAGE } from "../../../src/nvme/mod.ts";
import { DATA, type NvmeHost } from "./nvme_host.ts";
import type { Look } from "./nvme_look.ts";

/** NSID that stands for the controller and all that it has. */
const ALL = 0xffff_ffff;

const logs: Look = {
  name: "logs/pages",
  source: "5.16",
  async take(host) {
    await host.enable();
    const ask = async (cdw10: number, cdw12 = 0, nsid = ALL) =>
      (await host.admin("GET_LOG_PAGE", { nsid, cdw10, cdw12, prp1: DATA })).status;
    const health = await ask(0x007f_0000 | LOG_PAGE.SMART);
    const data = await host.port.readMemory(DATA, 512);
    return {
      health,
      "temperature is given": Number(u16At(data, 1) > 0),
      "health of namespace 0": await ask(0x007f_0000 | LOG_PAGE.SMART, 0, 0),
      errors: await ask(0x000f_0000 | LOG_PAGE.ERROR),
      "changed namespaces": await ask(0x03ff_0000 | LOG_PAGE.CHANGED_NAMESPACES),
      unknown: await ask(0x000f_007f),
      "offset 2": await ask(0x000f_0000 | LOG_PAGE.SMART, 2),
      "offset behind its end": await ask(0x000f_0000 | LOG_PAGE.SMART, 4096),
    };
  },
};

/** Requests are left outstanding until there is an event; the command behind them answers first. */
const events: Look = {
  name: "events/of-doorbells",
  source: "5.2, 3.1.2 of the NVMe over PCIe Transport Specification",
  async take(host) {
    await host.enable();
    await host.createQueue(1);
    const first = await requestEvent(host);
    const early = await host.admin("GET_FEATURES", { cdw10: 0x04 });
    await host.port.writeRegister(doorbellAt(1, "submission"), 9);
    const [value] = await host.take(0, first);
    const second = await requestEvent(host);
    await host.admin("GET_LOG_PAGE", { cdw10: 0x000f_0001, prp1: DATA });
    await host.port.writeRegister(doorbellAt(9, "submission"), 1);
    const [register] = await host.take(0, second);
    return {
      "request waits": Number(early.cid !== first),
      "value: event": value?.dw0 ?? -1,
      "register: event": register?.dw0 ?? -1,
    };
  },
};

const aborts: Look = {
  name: "abort/requests-and-what-is-gone",
  source: "5.1",
  async take(host) {
    await host.enable();
    const gone = await host.admin("ABORT", { cdw10: 0x0777_0000 });
    const queue = await host.admin("ABORT", { cdw10: 0x0777_0033 });
    return { status: gone.status, "not aborted": gone.dw0 & 1, "of no queue": queue.status };
  },
};

export const REPORT_LOOKS: readonly Look[] = [logs, events, aborts];

async function requestEvent(host: NvmeHost): Promise<number> {
  return await host.submit(0, {
    ...{ opcode: 0x0c, nsid: 0, prp1: 0, prp2: 0 },
    ...{ cdw10: 0, cdw11: 0, cdw12: 0, cdw13: 0 },
  });
}
