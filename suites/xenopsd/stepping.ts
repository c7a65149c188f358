/**
 * Operations that are looked at step by step, or struck at one of them.
 *
 * @module
 */
import type { XenopsFault, XenopsPoint, XenopsSteps } from "../../harness/facets/xenopsd.ts";
import type { Task } from "../../src/xenops_interface/mod.ts";
import type { Client } from "./client.ts";

export function stepsOf({ target }: Client): XenopsSteps {
  return target.steps as XenopsSteps;
}

/** What `leaf` was done to since `forget`, in order. */
export function subjectsOf(client: Client, leaf: string): readonly string[] {
  const { passed } = stepsOf(client);
  return [...new Set(passed.filter((one) => one.leaf === leaf).map(({ subject }) => subject))];
}

interface Struck {
  readonly point: XenopsPoint;
  readonly task: Task;
}

/** Does an operation with a fault at its point `at`; undefined when it has fewer points. */
export async function settleArmed(
  client: Client,
  at: number,
  fault: XenopsFault,
  method: string,
  params: object = { id: "vm", paused: false },
): Promise<Struck | undefined> {
  const steps = stepsOf(client);
  steps.forget();
  steps.arm(({ index }) => index === at, fault);
  const id = await client.begin(method, params);
  await client.target.settle();
  const point = steps.struck;
  if (point === undefined) return undefined;
  return { point, task: await client.task(id) };
}

/** Begins an operation and lets the process crash at its point `at`; undefined when it ended. */
export async function crashedAt(
  client: Client,
  strikes: (point: XenopsPoint) => boolean,
  method: string,
  params: object,
): Promise<XenopsPoint | undefined> {
  const steps = stepsOf(client);
  steps.forget();
  steps.arm(strikes, { kind: "crash" });
  await client.call(method, params).catch(() => undefined);
  await client.target.settle();
  return steps.struck;
}

/** Starts the process that has crashed again, and lets it repair what it finds. */
export async function repaired({ target }: Client): Promise<void> {
  await target.restart?.();
  await target.settle();
}
