/**
 * The file of the guest's persistent state as a machine brings it along: formatted, and with what
 * earlier boots have left there.
 *
 * @module
 */
import { octetsOf } from "../machine/mod.ts";
import { variablesOfEarlierBoots } from "./guest_variables.ts";
import { encodeNvramFile } from "./nvram_file.ts";
import { openFromDisk } from "./vmgs.ts";
import { FILE, VmgsDisk } from "./vmgs_disk.ts";

const KEY_PROTECTOR_OCTETS = 64;
const TPM_OCTETS = 32;

const known = new Map<number, VmgsDisk>();

/** The file of `guest`, to be written to. */
export function newVmgsDisk(guest: number): VmgsDisk {
  const disk = known.get(guest) ?? written(guest);
  known.set(guest, disk);
  return disk.fork();
}

function written(guest: number): VmgsDisk {
  const disk = new VmgsDisk();
  const store = openFromDisk(disk);
  store.write(FILE.keyProtector, octetsOf(guest, 1, KEY_PROTECTOR_OCTETS));
  store.write(FILE.tpmNvram, octetsOf(guest, 2, TPM_OCTETS));
  store.write(FILE.biosNvram, encodeNvramFile(variablesOfEarlierBoots(guest)));
  return disk;
}
