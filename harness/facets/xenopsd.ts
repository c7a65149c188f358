/**
 * A xenopsd as clients and their operators see it: what is called by name, and, where a target can,
 * its files, its restarts and each of its steps. Values are those of `src/xenops_interface`.
 *
 * @module
 */

/** What a target can do; a case that needs more is skipped with the name of what is missing. */
export type Capability =
  | "active-flag"
  | "barriers"
  | "callbacks"
  | "cancel"
  | "cancel-trigger"
  | "checks"
  | "consoles"
  | "db-access"
  | "diagnostics"
  | "faults"
  | "fresh"
  | "hangs"
  | "hooks"
  | "host-reboot"
  | "image-bytes"
  | "images"
  | "metadata-export"
  | "migrate"
  | "pause-visible"
  | "pools"
  | "queues"
  | "records"
  | "restart"
  | "step"
  | "tap"
  | "unmanaged"
  | "updates"
  | "vgpu"
  | "wire"
  | "witness";

/** Makes servers of one kind, each with a database of its own. */
export interface XenopsBench {
  readonly name: string;
  readonly capabilities: ReadonlySet<Capability>;
  open(options?: XenopsOptions): Promise<XenopsTarget>;
}

export interface XenopsOptions {
  /** Workers in each pool; four unless told otherwise. */
  readonly poolSize?: number;
  readonly seed?: number;
  /** What a sender of a migration does not tell. */
  readonly withoutCookies?: readonly string[];
  /** What hooks answer, by their name; 0 where there is none. */
  readonly hooks?: Readonly<Record<string, number>>;
}

export interface XenopsTarget extends AsyncDisposable {
  /**
   * Calls `method` with named parameters. Answers the id of a task at once, and anything else when
   * it is there; throws the error of the server, which has `tag` and `payload`.
   */
  call(method: string, params?: object): Promise<unknown>;
  /** Waits until nothing is queued and nothing is done. */
  settle(): Promise<void>;
  /** Sends a request as it is, and answers the text of the reply. */
  wire?(text: string): Promise<string>;
  /** Kills the process and starts it again; with the host nothing is left of files and domains. */
  restart?(what?: "process" | "host"): Promise<void>;
  readonly files?: XenopsFiles;
  readonly steps?: XenopsSteps;
  readonly queues?: XenopsQueues;
  readonly images?: XenopsImages;
  /** Another server, which migrations go to. */
  peer?(): Promise<XenopsPeer>;
}

/** The database, by the names of folders and file. */
export interface XenopsFiles {
  list(): readonly (readonly string[])[];
  read(path: readonly string[]): string | undefined;
  write(path: readonly string[], text: string): void;
}

/** What is asked for by nobody but the server itself, and what becomes of it. */
export interface XenopsQueues {
  /** Tells that a VM or a device, `vm/device`, needs attention. */
  check(kind: "Vm" | "Vbd" | "Vif" | "Pci", id: string): void;
  alias(tag: string, alias: string): void;
  /** What has happened to queues since the last call of `forget` of the steps. */
  readonly events: readonly XenopsQueueEvent[];
}

export interface XenopsQueueEvent {
  readonly change: string;
  readonly tag: string;
  /** Such as `VM_check_state`. */
  readonly op: string;
}

/** Where suspend images go. */
export interface XenopsImages {
  read(path: string): Uint8Array | undefined;
  write(path: string, octets: Uint8Array): void;
  /** What is in the memory of the guest of a VM, in hexadecimal. */
  witness(vm: string): string | undefined;
}

export interface XenopsPeer {
  readonly url: string;
  readonly target: XenopsTarget;
  /** What goes between the two. */
  readonly stream: XenopsStream;
}

export interface XenopsStream {
  readonly passed: readonly XenopsMessage[];
  /** Has what `change` answers arrive in the place of each message. */
  alter(change: (message: XenopsMessage) => Uint8Array): void;
}

/** A part of the body of a request, or of the answer to it. */
export interface XenopsMessage {
  readonly path: string;
  readonly cookies: ReadonlyMap<string, string>;
  readonly from: "sender" | "receiver";
  readonly kind: "handshake" | "memory";
  readonly octets: Uint8Array;
}

/** A server that goes on only when it is told to. */
export interface XenopsSteps {
  /** Does one step of one worker; false when there is nothing to do. */
  step(): boolean;
  /** Points that were passed since the last call of `forget`. */
  readonly passed: readonly XenopsPoint[];
  /** Forgets what was passed; points are counted from here. */
  forget(): void;
  /** Lets something happen before the effect of the first point that `strikes`, once. */
  arm(strikes: (point: XenopsPoint) => boolean, fault: XenopsFault): void;
  /** The point at which a fault has struck last since `forget`. */
  readonly struck: XenopsPoint | undefined;
  readonly world: XenopsWorld;
  /** Puts a domain into the hypervisor that nobody knows of. */
  createDomain(uuid: string): void;
  /** What the server takes for now, in seconds. */
  readonly now: number;
  /** Has `callback` called when the task is cancelled, as a step of it would. */
  onCancel(task: string, callback: () => void): void;
  /** Does nothing, under `callback`, as a step of the task would; the tag of its error. */
  underCancel(task: string, callback: () => void): string | undefined;
}

/** Where an operation stands: what it has made so far is durable, and its next effect is not. */
export interface XenopsPoint {
  /** Counts from the last call of `forget`. */
  readonly index: number;
  /** Such as `VM_start`. */
  readonly op: string;
  /** Such as `VBD_plug`. */
  readonly leaf: string;
  /** `vm` or `vm/device`. */
  readonly subject: string;
  /** `before`, `mid:1` and so on, `after`. */
  readonly phase: string;
  /** The effect that was just made. */
  readonly what: string;
}

export type XenopsFault =
  | { readonly kind: "crash" }
  | { readonly kind: "hang" }
  | { readonly kind: "fail"; readonly tag: string; readonly payload: string };

/** What the hypervisor has. */
export interface XenopsWorld {
  readonly domains: readonly XenopsDomain[];
  /** Storage that is attached or activated. */
  readonly storage: readonly string[];
}

export interface XenopsDomain {
  readonly domid: number;
  readonly uuid: string;
  readonly isPaused: boolean;
  readonly isBuilt: boolean;
  readonly hasDeviceModel: boolean;
  /** What is asked for should this domain be found again. */
  readonly marker: string | null;
}
