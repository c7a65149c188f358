/**
 * Whether a quantity grows: a trend over samples in which single ones may lie far off, as memory
 * does. A quantity grows when later samples are larger than earlier ones more often than chance
 * allows (Mann and Kendall), and when the rise is more than its noise.
 *
 * Source: H. B. Mann, Nonparametric tests against trend (1945); P. K. Sen, Estimates of the
 * regression coefficient based on Kendall's tau (1968).
 *
 * @module
 */

/** A quantity after so many rounds. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

export interface Trend {
  readonly first: number;
  readonly last: number;
  /** Rise for each round: the median of the slopes between all pairs of points. */
  readonly slope: number;
  /** Median of the last quarter less that of the first one. */
  readonly rise: number;
  /** How many deviations the order of the points is from chance; negative when they fall. */
  readonly score: number;
  readonly grows: boolean;
}

/** Chance alone comes this far in one of 3,000 series. */
const SCORE_MIN = 3.4;
/** Fewer points have no order that chance does not have; eight come to 3.3. */
export const POINTS_MIN = 9;

/** The trend of `points`, which are in order; a rise below `noise` is none. */
export function trendOf(points: readonly Point[], noise: number): Trend {
  const values = points.map(({ value }) => value);
  const quarter = Math.max(1, Math.floor(values.length / 4));
  const rise = medianOf(values.slice(-quarter)) - medianOf(values.slice(0, quarter));
  const score = scoreOf(values);
  const grows = values.length >= POINTS_MIN && score >= SCORE_MIN && rise >= noise;
  const [first = 0, last = 0] = [values[0], values.at(-1)];
  return { first, last, slope: medianOf(slopesOf(points)), rise, score, grows };
}

function slopesOf(points: readonly Point[]): number[] {
  return points.flatMap((from, index) =>
    points.slice(index + 1).map((to) => (to.value - from.value) / (to.at - from.at)),
  );
}

/** The statistic of Mann and Kendall in deviations, with the variance that ties leave. */
function scoreOf(values: readonly number[]): number {
  let sum = 0;
  for (const [index, from] of values.entries()) {
    for (const to of values.slice(index + 1)) sum += Math.sign(to - from);
  }
  const ties = [...Map.groupBy(values, (value) => value).values()].map(({ length }) => length);
  const variance = (spread(values.length) - ties.reduce((all, tied) => all + spread(tied), 0)) / 18;
  return variance === 0 ? 0 : (sum - Math.sign(sum)) / Math.sqrt(variance);
}

function spread(count: number): number {
  return count * (count - 1) * (2 * count + 5);
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return sorted.length === 0
    ? 0
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
