/**
 * What a state says, whoever has saved it: the successor has it.
 *
 * Method: nothing is prepared. What is in the state is asked for after each restore; so these
 * claims hold of a captured state as well, which `run --file` gives to each daemon.
 *
 * @module
 */
import { read, request, write } from "../harness/facets/xenstore_requests.ts";
import { check, scenario, suite } from "../harness/mod.ts";
import { demand, demandValue, shown } from "./xenstore_asking.ts";

const MIGRATION = "Xen, docs/designs/xenstore-migration.md";

/** Each daemon writes there what it is. */
const OF_THE_DAEMON = "/tool/xenstored";

const needs = ["xenstore"] as const;

export default suite("xenstore-given", [
  scenario({
    name: "nodes/have-their-values",
    must: "Each node of the state is there, with its value",
    source: `${MIGRATION}, NODE_DATA: value`,
    needs,
    async after({ xenstore }) {
      const client = xenstore.socket("reader");
      for (const { path, value } of xenstore.given.nodes) {
        if (path.startsWith("@") || path === OF_THE_DAEMON) continue;
        const { error, body } = await client.ask(read(path));
        check(error === null, `${shown(path)} is answered ${error}`);
        check(body === value, `${shown(path)} is ${shown(body)}, not ${shown(value)}`);
      }
    },
  }),

  scenario({
    name: "nodes/have-their-lists",
    must: "Each node of the state has the owner and the permissions that the state gives it",
    source: `${MIGRATION}, NODE_DATA: perm`,
    needs,
    async after({ xenstore }) {
      const client = xenstore.socket("reader");
      for (const { path, list } of xenstore.given.nodes) {
        if (path.startsWith("@")) continue;
        const body = await demand(client, request("GET_PERMS", path));
        const is = body.replace(/\0$/, "").replaceAll("\0", " ");
        check(is === list.join(" "), `${shown(path)} has ${is}, not ${list.join(" ")}`);
      }
    },
  }),

  scenario({
    name: "domains/are-introduced",
    must: "Each domain of the state is introduced",
    source: `${MIGRATION}, CONNECTION_DATA: shared ring`,
    needs,
    async after({ xenstore }) {
      for (const domid of xenstore.given.domids) {
        const asked = request("IS_DOMAIN_INTRODUCED", String(domid));
        const body = await demand(xenstore.socket("reader"), asked);
        check(body === "T\0", `domain ${domid} is not introduced`);
      }
    },
  }),

  scenario({
    name: "clients/are-answered",
    must: "A client that comes after the update is answered",
    source: `${MIGRATION}, GLOBAL_DATA: rw-socket-fd`,
    needs,
    async after({ xenstore }) {
      await demand(xenstore.socket("newcomer"), write("/newcomer", "here"));
      await demandValue(xenstore.domain(0), "/newcomer", "here");
      await demand(xenstore.socket("newcomer"), request("RM", "/newcomer"));
    },
  }),
]);
