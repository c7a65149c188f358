/**
 * The points of this driver: instants at which a crash can come between two of its steps. Each name
 * is reached as `NAME/before` and `NAME/after`.
 *
 * @module
 */

/** In the order of a hop; those of I/O queues are followed by the queue's identifier. */
const STEPS: readonly { readonly name: string; readonly ofQueue: boolean }[] = [
  { name: "nvme/restore/vfio", ofQueue: false },
  { name: "nvme/restore/attach", ofQueue: false },
  { name: "nvme/restore/admin", ofQueue: false },
  { name: "nvme/restore/io", ofQueue: true },
  { name: "nvme/restore/namespaces", ofQueue: false },
  { name: "nvme/clear/free", ofQueue: false },
  { name: "nvme/clear/reset", ofQueue: false },
  { name: "nvme/create/open", ofQueue: false },
  { name: "nvme/create/disable", ofQueue: false },
  { name: "nvme/create/enable", ofQueue: false },
  { name: "nvme/create/identify", ofQueue: false },
  { name: "nvme/create/io", ofQueue: false },
  { name: "nvme/save/admin", ofQueue: false },
  { name: "nvme/save/io", ofQueue: true },
  { name: "nvme/save/namespaces", ofQueue: false },
  { name: "nvme/shutdown/device", ofQueue: false },
  { name: "nvme/shutdown/reset", ofQueue: false },
];

/** Every point of a driver with I/O queues 1 to `queues`. */
export function nvmePoints(queues: number): string[] {
  const qids = Array.from({ length: queues }, (_, index) => index + 1);
  return STEPS.flatMap(({ name, ofQueue }) =>
    ofQueue ? qids.map((qid) => `${name}/${qid}`) : name,
  ).flatMap((name) => [`${name}/before`, `${name}/after`]);
}
