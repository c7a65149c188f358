/**
 * The way to an adapter and back, whatever carries the messages.
 *
 * @module
 */
import type { Message, Packed } from "./framing.ts";

/** What a channel tells. */
export interface Listener {
  hear(message: Message): void;
  /** Nothing more comes; said once. */
  lose(loss: Loss): void;
  /** What the adapter writes beside its answers. */
  log(text: string): void;
}

/** Why nothing more comes. */
export interface Loss {
  /** `ended`: the other side is gone; `broke`: it did what it may not. */
  readonly kind: "ended" | "broke";
  readonly reason: string;
}

export interface Channel {
  send(message: Packed): void;
  /** Frames may come from now on. */
  agreeOnFrames(): void;
  /** True when octets can stand behind a message. */
  readonly canFrame: boolean;
  /** Ends it at once, with all that belongs to it. */
  end(): void;
  /** Ends it as a user would, and at once when that takes too long. */
  close(): Promise<void>;
}

/** Opens a channel. */
export type Open = (listener: Listener) => Channel;
