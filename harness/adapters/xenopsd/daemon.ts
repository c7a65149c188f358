/**
 * The model of xenopsd as a daemon: at a Unix socket, at a port, behind a message switch.
 *
 * @module
 */
import { QUIRKS, type Quirk, VirtualClock, World, Xenopsd } from "../../../src/xenopsd/mod.ts";
import { apiServer, type Perform } from "./api_server.ts";
import { Database } from "./database.ts";
import { Driver, type SteppedMachine } from "./driver.ts";
import { Listener } from "./listener.ts";
import { switchServer } from "./switch_server.ts";
import { SwitchService } from "./switch_service.ts";

export interface XenopsdServeOptions {
  readonly socket: string;
  readonly profile: string;
  /** Port at the loopback interface. */
  readonly port?: number;
  /** Socket of a message switch to serve behind. */
  readonly switch?: string;
  /** Folder of the database; in memory when absent. */
  readonly database?: string;
  /** Milliseconds since 1970; time stands still while nothing runs, and then jumps, when absent. */
  readonly wallMs?: () => number;
  /** Differs from process to process. */
  readonly instanceId: string;
}

interface Served {
  readonly ended: Promise<number>;
  stop(): Promise<void>;
}

const REFERENCE = "reference";
/** Exit code of a process whose own parts broke. */
const EXIT_BROKE = 3;

/** The service. */
export const xenopsd = {
  /** The reference, or one known deviation from it. */
  profiles: [REFERENCE, ...Object.keys(QUIRKS)],
  options: ["port", "switch", "database", "clock"] as const,

  async serve(options: XenopsdServeOptions): Promise<Served> {
    const { promise: ended, resolve: end } = Promise.withResolvers<number>();
    const driver = driverOf(options, () => end(EXIT_BROKE));
    const perform: Perform = async (request, signal) => {
      try {
        return await driver.perform(request, signal);
      } finally {
        // The answer goes out first.
        if (request.method === "DEBUG.shutdown") setImmediate(() => end(0));
      }
    };
    const listeners: Listener[] = [];
    let service: SwitchService | undefined;
    const stop = async () => {
      service?.stop();
      driver.stop();
      await Promise.all(listeners.map((listener) => listener.stop()));
    };
    try {
      listeners.push(await Listener.at(apiServer(perform), options.socket));
      if (options.port !== undefined) {
        listeners.push(await Listener.at(apiServer(perform), options.port));
      }
      if (options.switch !== undefined) {
        const token = `xenopsd:${options.instanceId}`;
        service = new SwitchService(options.switch, token, perform);
        await service.start().catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          throw new RangeError(`Cannot reach a message switch at ${options.switch}: ${reason}`);
        });
      }
    } catch (error) {
      await stop();
      throw error;
    }
    return { ended, stop };
  },
};

/** The switch by itself: what a host has beside its services. */
export const messageSwitch = {
  profiles: [REFERENCE],
  options: [] as const,

  async serve({ socket }: { readonly socket: string }): Promise<Served> {
    const listener = await Listener.at(switchServer(), socket);
    return { ended: new Promise<number>(() => {}), stop: () => listener.stop() };
  },
};

function driverOf(options: XenopsdServeOptions, broke: () => void): Driver {
  const { profile, database: folder, wallMs, instanceId } = options;
  const database = folder === undefined ? undefined : new Database(folder);
  const clock = wallMs === undefined ? new VirtualClock() : new VirtualClock(wallMs(), false);
  const model = new Xenopsd(database?.world ?? new World(), {
    clock,
    instanceId,
    quirks: new Set(profile === REFERENCE ? [] : [profile as Quirk]),
    observers: database === undefined ? [] : [database.observer],
  });
  const tick = wallMs === undefined ? {} : { tick: () => (clock.nowMs = wallMs()) };
  const machine: SteppedMachine = {
    call: (method, params) => model.call(method, params),
    step: () => model.step(),
    get nextDeadlineMs() {
      return model.nextDeadlineMs;
    },
    get taskCount() {
      return model.tasks.count;
    },
  };
  return new Driver(machine, { ...tick, broke });
}
