/**
 * The admin queue of a driver: commands that are waited for, and asynchronous events. Source:
 * microsoft/openvmm, nvme_driver driver.rs and queue_pair.rs.
 *
 * @module
 */
import { ChainError, Panic, Stuck } from "../machine/mod.ts";
import type { MemoryBlock } from "../memory/mod.ts";
import type { QueuePairSavedState } from "../openhcl_state/mod.ts";
import { LOG_CHANGED_NAMESPACES } from "./admin_commands.ts";
import { AerHandler } from "./aer.ts";
import { adminCommand, type CommandFields } from "./command.ts";
import type { DriverContext } from "./driver_context.ts";
import type { Completion } from "./hardware.ts";
import type { AdminOpcode } from "./opcodes.ts";
import { QueuePair } from "./queue_pair.ts";
import { ADMIN_COMMAND_US } from "./timing.ts";

/** Identifier of the admin queue. */
const ADMIN_QID = 0;
/** Type of an asynchronous event that is a notice. */
const EVENT_NOTICE = 2;

/** Called with the namespaces that the controller lists as changed. */
export type ChangedNamespaces = (nsids: readonly number[]) => void;

/** Admin queue pair and its event handler. */
export class AdminQueue {
  readonly pair: QueuePair;
  /** Set by the driver once it can look at namespaces again. */
  onChanged: ChangedNamespaces = () => {};
  readonly #context: DriverContext;
  /** Null on fused devices: they get no asynchronous event request. */
  readonly #aer: AerHandler | null;
  #delivering = false;

  private constructor(context: DriverContext, pair: QueuePair, aer: AerHandler | null) {
    this.#context = context;
    this.pair = pair;
    this.#aer = aer;
  }

  static create(context: DriverContext): AdminQueue {
    const { release, controller, client, bounced, fused } = context;
    const { layout } = release;
    const entries = Math.min(layout.sqEntriesMax, layout.cqEntriesMax);
    const pair = QueuePair.create({ layout, bounced }, ADMIN_QID, entries, client);
    const { sqPfn, cqPfn } = pair.memory;
    controller.enable({ sqPfn, cqPfn, entries });
    return new AdminQueue(context, pair, fused ? null : new AerHandler());
  }

  static restore(
    context: DriverContext,
    saved: QueuePairSavedState,
    block: MemoryBlock,
  ): AdminQueue {
    const { release, controller, bounced, fused } = context;
    const pair = QueuePair.restore({ layout: release.layout, bounced }, saved, block);
    if (fused && pair.pending.size > 0) {
      throw new Panic("fused keepalive device restored with a non-empty admin queue");
    }
    const posted = controller.queues.get(ADMIN_QID)?.posted.length ?? 0;
    if (posted > 0 && release.knowsFusedDevices) lookAtPhantom(context);
    const ofQueue = release.asynchronousEvents === "queue";
    const aer = AerHandler.restore(ofQueue ? saved.handler_data.aer_handler : null);
    return new AdminQueue(context, pair, fused ? null : aer);
  }

  /** Sends a command and waits for its completion. */
  issue(opcode: AdminOpcode, fields: CommandFields = {}): Completion {
    const { controller, environment } = this.#context;
    const cid = this.pair.submit(controller, adminCommand(opcode, fields));
    environment.clock.advance(ADMIN_COMMAND_US);
    const completion = this.#collect().find((taken) => taken.cid === cid);
    if (completion === undefined) throw new Stuck(`admin command ${opcode} never completes`);
    this.#deliver();
    if (completion.status !== 0) {
      const status = new ChainError(`status 0x${completion.status.toString(16)}`);
      throw new ChainError("nvme error", status);
    }
    return completion;
  }

  /** Starts to ask for events; an event that was saved is delivered first. */
  startEvents(): void {
    this.#request();
    this.#deliver();
  }

  /** Takes what has arrived since the last look. */
  poll(): void {
    this.#collect();
    this.#deliver();
  }

  save(): QueuePairSavedState {
    const saves = this.#context.release.asynchronousEvents === "queue";
    return this.pair.save(saves ? (this.#aer?.save() ?? null) : undefined);
  }

  #collect(): Completion[] {
    const taken = this.pair.poll(this.#context.controller);
    for (const completion of taken) this.#aer?.complete(completion);
    return taken;
  }

  #request(): void {
    if (this.#aer?.wantsRequest !== true) return;
    const command = adminCommand("ASYNCHRONOUS_EVENT_REQUEST");
    this.#aer.await(this.pair.submit(this.#context.controller, command));
  }

  /** Handles events one by one. The next request goes out before (queue) or after (task) it. */
  #deliver(): void {
    const ofQueue = this.#context.release.asynchronousEvents === "queue";
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (;;) {
        const event = this.#aer?.takeEvent() ?? null;
        if (event === null) return;
        if (ofQueue) this.#request();
        this.#handle(event);
        if (!ofQueue) this.#request();
        this.#collect();
      }
    } finally {
      this.#delivering = false;
    }
  }

  #handle(event: number): void {
    if ((event & 7) !== EVENT_NOTICE) {
      this.#context.environment.log.info(`unhandled asynchronous event 0x${event.toString(16)}`);
      return;
    }
    const { list } = this.issue("GET_LOG_PAGE", { cdw10: LOG_CHANGED_NAMESPACES });
    this.onChanged(list ?? []);
  }
}

/** A completion that arrived while nobody looked: fatal on a fused device, else worth a line. */
function lookAtPhantom({ fused, controller, environment }: DriverContext): void {
  if (fused) throw new Panic("fused keepalive device restored with a phantom admin completion");
  environment.log.warn(
    `admin completion queue has a completion at its head after restore pci_id=${controller.pciId}`,
  );
}
