/**
 * Work on two states that is done once for each pair of them; as `perState()`, for two.
 *
 * @module
 */

/** `work`, done once for each pair of states. States are never changed, only replaced. */
export function perPair<A extends object, B extends object, R>(
  work: (first: A, second: B) => R,
): (first: A, second: B) => R {
  const done = new WeakMap<A, WeakMap<B, R>>();
  return (first, second) => {
    let bySecond = done.get(first);
    if (bySecond === undefined) {
      bySecond = new WeakMap();
      done.set(first, bySecond);
    }
    const known = bySecond.get(second);
    if (known !== undefined) return known;
    const result = work(first, second);
    bySecond.set(second, result);
    return result;
  };
}
