/**
 * I7 as one client of one machine sees it: it asks with the token that it was given last, and has
 * been told of every change in the end.
 *
 * @module
 */
import type { Call, Xenopsd } from "../xenopsd/mod.ts";
import type { Report } from "./rules.ts";

type Answer = [barriers: unknown, ids: [string, string | [string, string]][], token: number];

export class Follower {
  readonly #machine: Xenopsd;
  readonly #report: Report;
  /** The power of VMs, as it was when the client was told of them last. */
  readonly #powers = new Map<string, string>();
  #token: number | undefined;
  #waiting: Call | undefined;

  constructor(machine: Xenopsd, report: Report) {
    this.#machine = machine;
    this.#report = report;
  }

  /** Takes what it was told since, and asks again. */
  follow(): void {
    if (this.#waiting?.state === "waiting") return;
    if (this.#waiting?.state === "done") this.#take(this.#waiting.result as Answer);
    this.#waiting = this.#ask("UPDATES.get", { last_id: this.#token, timeout: 600 });
  }

  /** When nothing is done any more: what it knows is what is there. */
  judge(): void {
    this.follow();
    this.follow();
    const listed = this.#ask("VM.list", { unit: null }).result as [
      { id: string },
      { power_state: string },
    ][];
    for (const [{ id }, { power_state: power }] of listed) {
      const known = this.#powers.get(id);
      if (known !== power) this.#report("I7", `${id} is ${power}, and a client knows ${known}`);
    }
  }

  #take([, ids, token]: Answer): void {
    const before = this.#token ?? 0;
    if (token < before) this.#report("I7", `a client of token ${before} is given ${token}`);
    this.#token = token;
    for (const [kind, id] of ids) {
      if (kind !== "Vm" || typeof id !== "string") continue;
      const { state, result } = this.#ask("VM.stat", { id });
      if (state !== "done") this.#powers.delete(id);
      else this.#powers.set(id, (result as [unknown, { power_state: string }])[1].power_state);
    }
  }

  #ask(method: string, params: object): Call {
    return this.#machine.call(method, { debug_info: "follower", ...params });
  }
}
