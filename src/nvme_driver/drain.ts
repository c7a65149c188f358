/**
 * Commands of the last hop keep new ones back until they have completed: a guest repeats its
 * request after a restore, and what was in flight must not overwrite what came later. Source:
 * microsoft/openvmm, nvme_driver queue_pair.rs `DrainAfterRestore`, pulls 2833 and 2864.
 *
 * @module
 */

/** Queues that wait for each other: none takes a command before all of them have drained. */
export class DrainBarrier {
  #remaining: number;
  #resumes: (() => void)[] = [];

  /** `queues` have commands of the last hop in flight. */
  constructor(queues: number) {
    this.#remaining = queues;
  }

  get complete(): boolean {
    return this.#remaining === 0;
  }

  /** Calls `resume` once every queue has drained. */
  wait(resume: () => void): void {
    if (!this.complete) this.#resumes.push(resume);
  }

  /** One of the queues has drained. */
  arrive(): void {
    this.#remaining -= 1;
    if (!this.complete) return;
    const resumes = this.#resumes;
    this.#resumes = [];
    for (const resume of resumes) resume();
  }
}
