/**
 * Examines an adapter in processes of its own: what is wrong with it, before it looks like the
 * product's. Each check has a fresh process, so that one defect hides no other.
 *
 * The doctor speaks the protocol by itself: nothing of the harness that runs cells is in between.
 *
 * @module
 */
import { checkApart } from "./apart.ts";
import { Chart, Gone } from "./chart.ts";
import { checkFrames, readsFrames } from "./frames.ts";
import type { Hello } from "./hello.ts";
import { checkLife, type Life } from "./life.ts";
import { greet, type Machines } from "./machines.ts";
import { MANNERS } from "./manners.ts";
import { SEES_CHILDREN } from "./patient.ts";
import type { Place } from "./reach.ts";
import { canonical } from "./seen.ts";
import { type Patience, Talk } from "./talk.ts";

export interface Examination {
  readonly chart: Chart;
  /** What the adapter says of itself; undefined when it could not be greeted. */
  readonly hello: Hello | undefined;
}

/** Examines; `tell` hears what comes next. */
export async function examine(
  place: Place,
  patience: Patience,
  tell: (text: string) => void = () => {},
): Promise<Examination> {
  const chart = new Chart();
  const life: Life = { looks: [] };
  let hello: Hello | undefined;
  const visit = async (check: (machines: Machines) => Promise<void>, frames = false) => {
    if (chart.isClosed) return;
    const talk = new Talk(place, chart, patience);
    await unlessGone(async () => {
      const machines = await greet(talk, chart, frames);
      if (hello !== undefined && !frames) compare(chart, hello, machines.hello);
      hello ??= machines.hello;
      await check(machines);
    });
    await talk.end();
    // Whoever cannot be greeted once is not asked again.
    if (hello === undefined) chart.isClosed = true;
  };
  tell("each release by itself");
  await visit((machines) => checkLife(machines, life));
  tell("machines beside each other");
  await visit((machines) => checkApart(machines, life));
  tell("what is unusual or wrong");
  const left = [...MANNERS];
  while (left.length > 0 && !chart.isClosed) {
    await visit(async (machines) => {
      while (left.length > 0 && machines.talk.isAlive) {
        const part = left.shift();
        if (part !== undefined) await unlessGone(() => part(machines));
      }
    });
  }
  // There is nothing behind a message over HTTP.
  if (!("url" in place || chart.isClosed)) {
    if (hello?.frames) await visit((machines) => checkFrames(machines, life), true);
    else if (await readsFrames(place, patience, life)) {
      const what = "a restore with octets behind the message works";
      chart.find("frames-undeclared", `${what}, and hello does not say frames`);
    }
  }
  if (!("words" in place)) {
    chart.note("starts, ends and other processes, as the adapter is not started here");
  } else if (!SEES_CHILDREN) {
    chart.note("processes left behind, as this system has no /proc");
  }
  if (chart.isClosed) chart.note("whatever comes after the first defect, which ends all talk");
  return { chart, hello };
}

async function unlessGone(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
  }
}

function compare(chart: Chart, before: Hello, now: Hello): void {
  if (canonical(before) === canonical(now)) return;
  chart.find("hello-changes", "two processes answer hello differently");
}
