/**
 * Snapshots in the disk of a guest, as the human monitor makes them and, from 6.0 on, as jobs.
 *
 * Source: QEMU, qapi/migration.json, snapshot-save and snapshot-load; qapi/job.json.
 *
 * @module
 */
import type { Guest } from "./guest.ts";
import { human } from "./guest_counters.ts";
import type { Answer, Monitor } from "./monitor.ts";
import { cleaned } from "./words.ts";

export type SnapshotMode = "snapshot" | "snapshot-job";

const TAG = "freezethaw";
/** The disk, which has the state of the machine as well. */
const NODE = "d0";

/** Saves or loads the snapshot. Answers what is said against it; nothing when it is done. */
export async function snapshot(
  { emulator }: Guest,
  what: "save" | "load",
  mode: SnapshotMode,
): Promise<string> {
  const { monitor } = emulator;
  if (mode === "snapshot") return await human(monitor, `${what}vm ${TAG}`);
  const error = await job(monitor, `snapshot-${what}`);
  return error === "" ? "" : `${cleaned(emulator.stderr)}; ${error}`;
}

/** Runs a job to its end. */
async function job(monitor: Monitor, command: string): Promise<string> {
  const id = command;
  const concluded = monitor.when(
    "JOB_STATUS_CHANGE",
    (data) => data.id === id && data.status === "concluded",
  );
  concluded.catch(() => {});
  await monitor.execute(command, { "job-id": id, tag: TAG, vmstate: NODE, devices: [NODE] });
  await concluded;
  const jobs = (await monitor.execute("query-jobs")) as readonly Answer[];
  await monitor.execute("job-dismiss", { id });
  return String(jobs.find((one) => one.id === id)?.error ?? "");
}
