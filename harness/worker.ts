/**
 * What runs in each worker thread of a run: the implementations there are, without the rest of
 * the command line.
 *
 * @module
 */
import { serveCrew } from "./cli/crew_member.ts";
import { openhcl, qemu, qemuModel, xenstored } from "./implementations.ts";

serveCrew({ openhcl, xenstored, qemu, "qemu-model": qemuModel });
