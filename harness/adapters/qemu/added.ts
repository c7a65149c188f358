/**
 * Which devices a machine has beside those of its type, as its own object model says.
 *
 * @module
 */
import type { AddedDevice } from "../../facets/migration.ts";
import { type Monitor, MonitorError } from "./monitor.ts";

/** Where devices are that were asked for: with a name of their own, and without. */
const FOLDERS = ["/machine/peripheral", "/machine/peripheral-anon"];
const CHILD = /^child<(.+)>$/;

interface Child {
  readonly name: string;
  readonly type: string;
}

export async function addedDevices(monitor: Monitor): Promise<readonly AddedDevice[]> {
  const devices: AddedDevice[] = [];
  for (const folder of FOLDERS) {
    const children = (await monitor.execute("qom-list", { path: folder })) as readonly Child[];
    for (const { name, type } of children) {
      const kind = CHILD.exec(type)?.[1];
      if (kind !== undefined) devices.push(await described(monitor, `${folder}/${name}`, kind));
    }
  }
  return devices;
}

async function described(monitor: Monitor, path: string, type: string): Promise<AddedDevice> {
  const [place, bus] = await Promise.all([
    property(monitor, path, "addr"),
    property(monitor, path, "parent_bus"),
  ]);
  const address = typeof place === "number" ? addressOf(place) : null;
  const carried = typeof bus === "string" && bus.startsWith("/machine/peripheral");
  return { type, address, carried };
}

/** Slot and function, as names of sections have them. */
function addressOf(place: number): string {
  return `${(place >> 3).toString(16).padStart(2, "0")}.${place & 7}`;
}

/** A property; null where there is none. */
async function property(monitor: Monitor, path: string, name: string): Promise<unknown> {
  try {
    return await monitor.execute("qom-get", { path, property: name });
  } catch (error) {
    if (error instanceof MonitorError) return null;
    throw error;
  }
}
