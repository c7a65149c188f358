/**
 * The boot shim: what `openhcl_boot` of each release appends to the kernel command line, given
 * the host's device tree and the address space.
 *
 * Source: openhcl/openhcl_boot/src/main.rs. Not modelled: everything on the command line that has
 * nothing to do with servicing.
 *
 * @module
 */

/** What the shim looks at. */
export interface BootInputs {
  /** The host's device tree has the property `nvme_keepalive` in its openhcl node. */
  readonly hostKeepalive: boolean;
  /** The address space has a VTL2 pool. */
  readonly vtl2Pool: boolean;
  /** What the host gives explicitly, such as `OPENHCL_MANA_KEEP_ALIVE=host,privatepool`. */
  readonly explicit: string;
}

/** Appends the options that a release derives from its inputs. */
export type BootShim = (inputs: BootInputs) => string;

/** 2411 derives nothing. */
export const shimSilent: BootShim = ({ explicit }) => explicit;

/** 2505 sets a bool, and only when both inputs are there. */
export const shimFlag: BootShim = ({ hostKeepalive, vtl2Pool, explicit }) =>
  hostKeepalive && vtl2Pool ? `OPENHCL_NVME_KEEP_ALIVE=1 ${explicit}` : explicit;

/** 1.7 and later spell out both inputs and the switch that disables keepalive. */
export const shimString: BootShim = ({ hostKeepalive, vtl2Pool, explicit }) => {
  const switched = environment(explicit).get("OPENHCL_DISABLE_NVME_KEEP_ALIVE");
  const disabled = switched !== undefined && switched !== "0" ? "disabled," : "";
  const host = hostKeepalive ? "host," : "nohost,";
  const pool = vtl2Pool ? "privatepool " : "noprivatepool ";
  return `OPENHCL_NVME_KEEP_ALIVE=${disabled}${host}${pool}${explicit}`;
};

/** The variables that a command line sets; the last one wins. */
export function environment(commandLine: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const word of commandLine.split(" ")) {
    const equals = word.indexOf("=");
    if (equals > 0) variables.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return variables;
}
