/**
 * What a process that measures itself prints, and what it has taken of the processors: time that
 * others take does not count in it, so that it can be told apart on a busy machine, too.
 *
 * @module
 */
import type { Metric } from "../bench/mod.ts";

/** Milliseconds of processor time that this process has taken, its start and compilers included. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** All of the processor time until now. */
export function processorMetric(metric: string): Metric {
  return { metric, class: "timed", unit: "ms", value: processorMs() };
}

export function metricLines(metrics: readonly Metric[]): string {
  return metrics.map((metric) => `${JSON.stringify(metric)}\n`).join("");
}
