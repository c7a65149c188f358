/**
 * Steps of the guest's work with disks by name, and which processors work before each of them.
 *
 * @module
 */

/** Processors that have done I/O; null for all of them. */
const WORKERS = {
  "queue:none": [],
  "queue:begun": [0, 1],
  "queue:done": null,
  "queue:sent": [0, 1],
  "queue:inspected": [0, 1],
  "list:sent": null,
  "flush:sent": null,
  "namespace:done": null,
  "namespace:sent": null,
  "queue:full": null,
} as const satisfies Readonly<Record<string, readonly number[] | null>>;

export type DiskStep = keyof typeof WORKERS;

/** Every step. */
export const DISK_STEPS = Object.keys(WORKERS) as readonly DiskStep[];

/** Processors out of `all` that work with disks when the machine has booted. */
export function workers(step: DiskStep | undefined, all: readonly number[]): readonly number[] {
  return (step === undefined ? null : WORKERS[step]) ?? all;
}
