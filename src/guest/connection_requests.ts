/**
 * What the guest asks for that is not about one channel.
 *
 * @module
 */

import { FEATURE, guid, MESSAGE, SINT, VERSION } from "../vmbus/mod.ts";
import { INTERRUPT_PAGE } from "./interrupt_page.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

const CLIENT_ID = guid("1f4e5c8a-6d0b-4b7e-9a21-5e3c7d9b2f40");

/** The client's id is what no server offers. */
const FEATURES =
  FEATURE.guestSpecifiedSignalParameters |
  FEATURE.channelInterruptRedirection |
  FEATURE.modifyConnection |
  FEATURE.clientId;

/** Processor that takes messages. */
const MESSAGE_VP = 2;

const MONITOR_PAGES = {
  parentToChildMonitorPageGpa: 0x7fe0_0000n,
  childToParentMonitorPageGpa: 0x7fe0_1000n,
};

/** Makes contact: with the newest version, or with the one before the last that was refused. */
export function contact(driver: VmbusDriver): void {
  const { state, versions } = driver;
  const asked = versions.indexOf(state.versionAsked);
  const version = versions.at(asked < 0 ? -1 : asked - 1) ?? 0;
  state.versionAsked = version;
  state.connection = "contacted";
  const flags = version >= VERSION.copper ? FEATURES : 0;
  const target = BigInt(SINT) | (BigInt(flags) << 32n);
  const info = version < VERSION.win8 ? INTERRUPT_PAGE : 0n;
  const request = {
    versionRequested: version,
    targetMessageVp: MESSAGE_VP,
    interruptPageOrTargetInfo: version < VERSION.win10Rs3_1 ? info : target,
    ...MONITOR_PAGES,
  };
  driver.send(
    version >= VERSION.copper
      ? MESSAGE.initiateContact2.encode({ ...request, clientId: CLIENT_ID })
      : MESSAGE.initiateContact.encode(request),
  );
}

export function requestOffers(driver: VmbusDriver): void {
  driver.state.connection = "requested";
  driver.send(MESSAGE.requestOffers.encode({}));
}

/** Names the monitor pages again, where that has been agreed on. */
export function modifyConnection(driver: VmbusDriver): void {
  const agreed = driver.state.version?.featureFlags ?? 0;
  if ((agreed & FEATURE.modifyConnection) === 0) return;
  driver.state.modifying++;
  driver.send(MESSAGE.modifyConnection.encode(MONITOR_PAGES));
}

/** Takes leave of the bus. */
export function unload(driver: VmbusDriver): void {
  driver.state.connection = "unloading";
  driver.send(MESSAGE.unload.encode({}));
}
