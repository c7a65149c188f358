/**
 * What was said on a channel, and the least that it costs to say it again: for benches. Messages
 * that were sent before an answer was there are sent so again, and in one write where they were.
 * Machines that an adapter starts have other names each time, which are put in.
 *
 * @module
 */
import { spawn } from "node:child_process";
import type { Listener, Open } from "./channel.ts";
import type { Message } from "./framing.ts";

/** A message of the harness, or an answer. */
type Said = { readonly asked: Message } | { readonly heard: Message };

/** Everything that was said until it is taken, in order; nothing after that, which would cost. */
export class Exchange {
  #said: Said[] | undefined = [];

  /** `open`, with what is said on its channels written down; octets stand in messages. */
  recorded(open: Open): Open {
    return (listener: Listener) => {
      const hear = (heard: Message) => {
        this.#said?.push({ heard });
        listener.hear(heard);
      };
      const channel = open({ ...listener, hear });
      return {
        canFrame: false,
        send: (message) => {
          this.#said?.push({ asked: JSON.parse(message.text) as Message });
          channel.send(message);
        },
        agreeOnFrames: () => {},
        end: () => channel.end(),
        close: () => channel.close(),
      };
    };
  }

  take(): readonly Said[] {
    const said = this.#said ?? [];
    this.#said = undefined;
    return said;
  }
}

/** The same as round trips: what was sent before other answers were there waits for them. */
export function asRoundTrips(said: readonly Said[]): readonly Said[] {
  const answers = new Map(said.flatMap((one) => ("heard" in one ? [[one.heard.id, one]] : [])));
  return said.flatMap((one) => {
    const answer = "asked" in one ? answers.get(one.asked.id) : undefined;
    return answer === undefined ? [] : [one, answer];
  });
}

/** A program that is asked the same again by who knows nothing of the protocol. */
export class BareExchange implements Disposable {
  readonly #child: ReturnType<typeof spawn>;
  /** Its names of machines by those that were written down. */
  readonly #machines = new Map<unknown, unknown>();
  readonly #answers: string[] = [];
  #wake: () => void = () => {};
  #line = "";

  constructor([program = "", ...args]: readonly string[]) {
    this.#child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], detached: true });
    this.#child.stdout?.setEncoding("utf8");
    this.#child.stdout?.on("data", (text: string) => {
      const lines = `${this.#line}${text}`.split("\n");
      this.#line = lines.pop() ?? "";
      this.#answers.push(...lines);
      this.#wake();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async repeat(said: readonly Said[]): Promise<void> {
    let unsent = "";
    for (const one of said) {
      if ("asked" in one) {
        unsent += `${JSON.stringify(this.#renamed(one.asked))}\n`;
        continue;
      }
      if (unsent !== "") this.#child.stdin?.write(unsent);
      unsent = "";
      while (this.#answers.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      this.#learn(one.heard, JSON.parse(this.#answers.shift() ?? "") as Message);
    }
  }

  #renamed(message: Message): Message {
    const { machine, ...more } = (message.params ?? {}) as Message;
    if (machine === undefined) return message;
    return { ...message, params: { ...more, machine: this.#machines.get(machine) } };
  }

  /** An answer that is another one than before would not cost the same. */
  #learn({ id, result }: Message, now: Message): void {
    if (now.id !== id || (now.result === undefined) !== (result === undefined)) {
      throw new Error(
        `Cannot repeat an exchange as answer ${id} must come: ${JSON.stringify(now)}`,
      );
    }
    const { machine } = (result ?? {}) as Message;
    if (machine !== undefined) this.#machines.set(machine, (now.result as Message).machine);
  }

  [Symbol.dispose](): void {
    this.#child.kill();
  }
}
