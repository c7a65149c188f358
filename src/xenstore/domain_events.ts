/**
 * What the hypervisor tells of domains: at each of its signals the daemon looks at all of them.
 *
 * Source: xen, tools/xenstored/domain.c, check_domains(); tools/ocaml/xenstored/domains.ml,
 * cleanup.
 *
 * @module
 */
import { RELEASE_DOMAIN } from "./path.ts";
import type { Surroundings } from "./request.ts";

/** The domain has shut down, and everybody may hear of it. */
export function shutDownDomain(daemon: Surroundings, domid: number): void {
  daemon.domains.shutDown(domid);
  if (hasNews(daemon)) daemon.announce(RELEASE_DOMAIN);
}

/** The domain is gone: its ring too, and everybody may hear of it. */
export function endDomain(daemon: Surroundings, domid: number): void {
  const { domains, profile, store } = daemon;
  domains.destroy(domid);
  const domain = domains.get(domid);
  if (domain !== undefined) daemon.disconnect(domain.connection);
  if (domain !== undefined || domains.isKnown(domid)) profile.removeDomain(daemon, store, domid);
  if (domain !== undefined) daemon.announce(RELEASE_DOMAIN);
  const isTold = domain !== undefined && profile.specialsInTree;
  if (hasNews(daemon) && !isTold) daemon.announce(RELEASE_DOMAIN);
}

/** Some domain has shut down; C tells of each once, oxenstored again and again. */
function hasNews({ domains, profile }: Surroundings): boolean {
  const down = [...domains].filter(({ domid, shutdown }) => {
    return domains.isShutDown(domid) && (profile.specialsInTree || !shutdown);
  });
  for (const domain of down) domain.shutdown = true;
  return down.length > 0;
}
