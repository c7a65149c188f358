/**
 * The model of XenStore as a daemon within this process. It is updated into itself, or gives its
 * clients to a process.
 *
 * @module
 */
import { Herald } from "./herald.ts";
import type { Host } from "./host.ts";
import type { LeftByModel, Reference } from "./reference.ts";
import type { ModelRelease } from "./releases.ts";
import type { RunDirectory } from "./run_directory.ts";

export class ModelHost implements Host {
  readonly herald = new Herald();
  /** It runs within this process. */
  readonly pid = undefined;
  /** Its time is over soon while it waits, as nobody else's is. */
  readonly secondMs = 600;
  lastWords = "";
  #release: ModelRelease;
  #served: { stop(): Promise<void> } | undefined;
  #left: LeftByModel | undefined;

  private constructor(release: ModelRelease) {
    this.#release = release;
  }

  /** Starts to serve in `directory`. */
  static async start(
    reference: Reference,
    release: ModelRelease,
    directory: RunDirectory,
  ): Promise<ModelHost> {
    const host = new ModelHost(release);
    const { profile } = release;
    host.#served = await reference.host({
      socket: directory.socket,
      rings: directory.path,
      profile,
      left: (left) => {
        host.#left = left;
        directory.writeState(host.#release.dialect, left.state);
        host.herald.hear("parked");
      },
    });
    host.herald.hear("listening");
    return host;
  }

  get release(): string {
    return this.#release.name;
  }

  /** What another process needs to go on. */
  get left(): LeftByModel {
    if (this.#left === undefined) throw new Error("Cannot go on as the model must have left");
    return this.#left;
  }

  /** Goes on as `release` from `state`, or ends as a program does that cannot. */
  async goOn(release: ModelRelease, state: Uint8Array): Promise<void> {
    const { left } = this;
    this.#left = undefined;
    try {
      left.goOn(release.profile, state);
      this.#release = release;
    } catch (error) {
      this.lastWords = error instanceof Error ? error.message : String(error);
      await this.kill();
    }
  }

  /** Its clients are those of a process now. */
  letGo(): void {
    this.left.letGo();
    this.#served = undefined;
  }

  async kill(): Promise<void> {
    const served = this.#served;
    this.#served = undefined;
    await served?.stop();
    // As `freezethaw serve` says of a state that it cannot use.
    this.herald.end("exit code 2");
  }
}
