/**
 * Arguments of a machine whose guest is ours: those of a device set, with the guest's disk in place
 * of the empty one. A set can be booted when it has a raw disk of the name `d0`.
 *
 * Not every set with a disk boots with every release: it is the firmware that must know the
 * controller, which a control run shows.
 *
 * @module
 */

/** What is behind the disk. */
export type Backing =
  | { readonly kind: "good"; readonly path: string }
  /** One read of {@linkcode FAILING_LBA} fails, or all of them do. */
  | { readonly kind: "failing"; readonly path: string; readonly once: boolean }
  /** An image that can hold snapshots. */
  | { readonly kind: "image"; readonly path: string };

/** The guest has read the sectors before it when the machine stops at this one. */
export const FAILING_LBA = 5;

/** Controllers with disks whose requests can wait for the host. */
const STOPPABLE = /^(?:virtio-blk-pci|ide-hd|scsi-hd|usb-storage),/;
const DISK = /^driver=raw,node-name=d0,file\.driver=file,file\.filename=\{(disk|floppy)\},/;
const EIO = 5;

/** The disk that a set is booted from; undefined when there is none. */
export function bootDiskOf(args: readonly string[]): "disk" | "floppy" | undefined {
  const found = args.map((arg) => DISK.exec(arg)?.[1]).find((kind) => kind !== undefined);
  return found as "disk" | "floppy" | undefined;
}

/** True when requests of the disk can be stopped in flight. */
export function isStoppable(args: readonly string[]): boolean {
  return args.some((arg) => STOPPABLE.test(arg) && arg.includes("drive=d0"));
}

/** `args` of a set with this disk. */
export function withDisk(args: readonly string[], backing: Backing, stops = false): string[] {
  return args.map((arg) => {
    if (DISK.test(arg)) return blockdev(backing);
    return stops && STOPPABLE.test(arg) && arg.includes("drive=d0")
      ? `${arg},rerror=stop,werror=stop`
      : arg;
  });
}

function blockdev(backing: Backing): string {
  const { path } = backing;
  if (backing.kind === "failing") {
    const file = `file.driver=blkdebug,file.image.driver=file,file.image.filename=${path}`;
    const error = [
      ["event", "none"],
      ["iotype", "read"],
      ["errno", EIO],
      ["sector", FAILING_LBA],
      ["once", backing.once ? "on" : "off"],
    ].map(([name, value]) => `file.inject-error.0.${name}=${value}`);
    return ["driver=raw,node-name=d0", file, "file.image.locking=off", ...error].join(",");
  }
  const driver = backing.kind === "good" ? "raw" : "qcow2";
  // Images are locked, as snapshots write them; nobody writes the others.
  const locking = backing.kind === "good" ? ",file.locking=off" : "";
  return `driver=${driver},node-name=d0,file.driver=file,file.filename=${path}${locking}`;
}
