/**
 * What a machine tells about itself while it runs: spans on its virtual clock and a log. Names of
 * spans and texts are upstream's (microsoft/openvmm).
 *
 * @module
 */
import type { VirtualClock } from "./clock.ts";

/** A span that has ended. */
export interface Span {
  readonly name: string;
  readonly correlationId: string | null;
  readonly startUs: number;
  readonly endUs: number;
}

interface OpenSpan {
  readonly name: string;
  readonly correlationId: string | null;
  readonly startUs: number;
  endUs: number | null;
}

/** Records spans, nested by call. */
export class Tracer {
  /** Goes into every span that starts from now on. */
  correlationId: string | null = null;
  readonly #clock: VirtualClock;
  readonly #spans: OpenSpan[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Runs `work` inside a span. The span ends however `work` ends. */
  span<T>(name: string, work: () => T): T {
    const span: OpenSpan = {
      name,
      correlationId: this.correlationId,
      startUs: this.#clock.nowUs,
      endUs: null,
    };
    this.#spans.push(span);
    try {
      return work();
    } finally {
      span.endUs = this.#clock.nowUs;
    }
  }

  /** Spans that have ended, in order of their start. */
  spans(): readonly Span[] {
    return this.#spans.filter((span): span is Span & OpenSpan => span.endUs !== null);
  }
}

export type LogLevel = "info" | "warn" | "error";

export interface LogLine {
  readonly level: LogLevel;
  readonly text: string;
}

/** Lines that a user would see, oldest first. */
export class Log {
  readonly #lines: LogLine[] = [];

  info(text: string): void {
    this.#lines.push({ level: "info", text });
  }

  warn(text: string): void {
    this.#lines.push({ level: "warn", text });
  }

  error(text: string): void {
    this.#lines.push({ level: "error", text });
  }

  lines(): readonly LogLine[] {
    return this.#lines;
  }
}
