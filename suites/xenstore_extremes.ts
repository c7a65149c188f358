/**
 * What is as long, as many or as odd as clients may have it, across a live update.
 *
 * Method: clients find out before the first save how far they may go, and stand there when it
 * comes. What they were answered is compared with what is answered afterwards.
 *
 * @module
 */
import type { Xenstore, XenstoreRequest } from "../harness/facets/xenstore.ts";
import { read, request, watch, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, demandValue, prepared, shown } from "./xenstore_asking.ts";

const SPEC = "Xen, docs/misc/xenstore.txt";
const MIGRATION = "Xen, docs/designs/xenstore-migration.md";

/** XENSTORE_ABS_PATH_MAX and its neighbours, and what smaller limits there are; octets. */
const PATH_LENGTHS = [4000, 3073, 3072, 3071, 2048, 2047, 1024, 1023];
/** XENSTORE_PAYLOAD_MAX, and what oxenstored allows. */
const VALUE_LENGTHS = [4096 - "/longest/value\0".length, 2048];

/** How far a client came. */
interface Reach {
  readonly path: string;
  readonly value: string;
}
const reached = new WeakMap<Xenstore, Reach>();

function reachOf(xenstore: Xenstore): Reach {
  return reached.get(xenstore) ?? { path: "", value: "" };
}

function writer(xenstore: Xenstore) {
  return xenstore.socket("writer");
}

/** Names of 200 octets, as each one has a limit of its own in file systems of old. */
function pathOf(length: number): string {
  let path = "/longest";
  while (path.length < length) {
    const room = length - path.length - 1;
    // A name has an octet at least.
    path += `/${"p".repeat(room === 201 ? 199 : Math.min(200, room))}`;
  }
  return path;
}

const longest = prepared("longest-path-and-value", async (xenstore) => {
  const client = writer(xenstore);
  const [path] = await firstTaken(PATH_LENGTHS.map(pathOf), (one) => client.ask(write(one, "v")));
  const values = VALUE_LENGTHS.map((length) => "v".repeat(length));
  const [value] = await firstTaken(values, (one) => client.ask(write("/longest/value", one)));
  reached.set(xenstore, { path: path ?? "", value: value ?? "" });
  await demand(client, watch(path ?? "", "token"));
  await client.events();
});

/** The first of `choices` that is answered without an error. */
async function firstTaken(
  choices: readonly string[],
  ask: (choice: string) => Promise<{ readonly error: string | null }>,
): Promise<readonly string[]> {
  for (const choice of choices) if ((await ask(choice)).error === null) return [choice];
  return [];
}

/** A limit that a toolstack can set, and paths of XENSTORE_ABS_PATH_MAX with NUL and without. */
const PATH_MAX = "3072";
const EXACT = [3072, 3071].map((length) => `/${"x".repeat(length - 1)}`);

const exact = prepared("path-of-exactly-the-limit", async (xenstore) => {
  await xenstore.control.ask(request("CONTROL", "quota", "set", "path-max", PATH_MAX));
  const taken = await firstTaken(EXACT, (one) => writer(xenstore).ask(write(one, "v")));
  reached.set(xenstore, { path: taken[0] ?? "", value: "" });
});

const [SOCKETS, DOMAINS] = [120, 40] as const;
/** First of the domains of the crowd. */
const CROWD_DOMID = 100;

const crowd = prepared("many-clients", async (xenstore) => {
  for (let n = 0; n < SOCKETS; n++) {
    await demand(xenstore.socket(`one-of-${n}`), watch("/crowd", `${n}`));
  }
  for (let n = 0; n < DOMAINS; n++) {
    await demand(xenstore.domain(CROWD_DOMID + n), watch("own", `${n}`));
  }
  for (let n = 0; n < SOCKETS; n++) await xenstore.socket(`one-of-${n}`).events();
  for (let n = 0; n < DOMAINS; n++) await xenstore.domain(CROWD_DOMID + n).events();
});

/** Watches that few clients set; what they were answered. */
const ODD: readonly XenstoreRequest[] = [
  watch("//", "slashes"),
  watch("/", "root"),
  watch("rel/path", "relative"),
  watch("/odd/", "trailing"),
  watch("/odd//twice", "twice"),
  watch("@unknown", "special"),
  watch("/odd", ""),
  watch("/odd", "tab\there, \x7f and \xff"),
  request("WATCH", "/odd", "deep", "0"),
  request("WATCH", "/odd", "deeper", "1"),
];
const answers = new WeakMap<Xenstore, readonly (string | null)[]>();

const odd = prepared("watches-that-few-set", async (xenstore) => {
  const errors: (string | null)[] = [];
  for (const one of ODD) errors.push((await xenstore.socket("odd").ask(one)).error);
  answers.set(xenstore, errors);
  await xenstore.socket("odd").events();
});

const common = { needs: ["xenstore"] } as const;

export default suite("xenstore-extremes", [
  scenario({
    ...common,
    name: "path/is-as-long-as-it-was",
    must: "The longest path that a client may write is there after the update, and may be written",
    source: `${SPEC}: XENSTORE_ABS_PATH_MAX; commit c85610a322`,
    preparation: longest,
    when: { load: "longest" },
    async after({ xenstore }) {
      const { path } = reachOf(xenstore);
      const { error, body } = await writer(xenstore).ask(read(path));
      check(error === null, `a path of ${path.length} is answered ${error}`);
      check(body === "v", `a path of ${path.length} has ${shown(body)}`);
      await demand(writer(xenstore), write(path, "v"));
    },
  }),

  scenario({
    ...common,
    name: "path/of-the-limit-is-no-obstacle",
    must: "A path of exactly the limit of the protocol, where it is taken, prevents no update",
    source: `${SPEC}: XENSTORE_ABS_PATH_MAX; commit c85610a322`,
    preparation: exact,
    when: { load: "exact-path" },
    async after({ xenstore }) {
      const name = reachOf(xenstore).path.slice(1);
      const names = (await demand(writer(xenstore), request("DIRECTORY", "/"))).split("\0");
      check(name === "" || names.includes(name), `a path of ${name.length + 1} is lost`);
    },
  }),

  scenario({
    ...common,
    name: "value/is-as-long-as-it-was",
    must: "The longest value that a client may write is whole after the update",
    source: `${MIGRATION}, NODE_DATA: value-len`,
    preparation: longest,
    when: { load: "longest" },
    after: ({ xenstore }) =>
      demandValue(writer(xenstore), "/longest/value", reachOf(xenstore).value),
  }),

  scenario({
    ...common,
    name: "watch/is-as-long-as-it-was",
    must: "A watch on the longest path is kept and fires",
    source: `${MIGRATION}, WATCH_DATA: wpath-len`,
    preparation: longest,
    when: { load: "longest" },
    async after({ xenstore }) {
      const { path } = reachOf(xenstore);
      await writer(xenstore).events();
      await demand(xenstore.socket("other"), request("RM", "/longest"));
      const events = await writer(xenstore).events();
      const fired = events.filter((event) => event.path === path).length;
      check(fired === 1, `a watch on a path of ${path.length} fires ${fired} times`);
      await demand(xenstore.socket("other"), write("/longest/value", reachOf(xenstore).value));
      await demand(xenstore.socket("other"), write(path, "v"));
      await writer(xenstore).events();
    },
  }),

  scenario({
    ...common,
    name: "clients/are-as-many-as-they-were",
    must: "Each of many clients and domains is answered after the update, and its watch fires once",
    source: `${MIGRATION}, CONNECTION_DATA`,
    preparation: crowd,
    when: { load: "crowd" },
    async after({ xenstore }) {
      await demand(writer(xenstore), write("/crowd", "changed"));
      for (let n = 0; n < SOCKETS; n++) {
        const tokens = (await xenstore.socket(`one-of-${n}`).events()).map(({ token }) => token);
        check(tokens.join() === `${n}`, `client ${n} has events ${tokens.join()}`);
      }
      for (let n = 0; n < DOMAINS; n++) {
        const domid = CROWD_DOMID + n;
        const path = `/local/domain/${domid}/own`;
        await demand(writer(xenstore), write(path, ""));
        await demand(writer(xenstore), request("SET_PERMS", path, `n${domid}`));
        const tokens = (await xenstore.domain(domid).events()).map(({ token }) => token);
        check(tokens.includes(`${n}`), `domain ${domid} has no event`);
      }
    },
  }),

  scenario({
    ...common,
    name: "watches/are-what-was-answered",
    must: "A watch that was taken is kept, however odd, and one that was refused is refused again",
    source: `${SPEC}, WATCH; commits dc8caf214f, db98de120c`,
    preparation: odd,
    when: { load: "odd-watches" },
    async after({ xenstore }) {
      for (const [at, one] of ODD.entries()) {
        const was = answers.get(xenstore)?.[at] ?? null;
        const is = (await xenstore.socket("odd").ask(one)).error;
        const wanted = was ?? "EEXIST";
        check(is === wanted, `${shown(one.body)} was ${was ?? "taken"}, is now ${is ?? "taken"}`);
      }
    },
  }),
]);
