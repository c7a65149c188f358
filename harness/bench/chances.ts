/**
 * What is drawn for so many blocks: the same draws serve all metrics, and all comparisons of as
 * many blocks.
 *
 * @module
 */
import { Resamples } from "./resamples.ts";
import { SignFlips } from "./sign_flips.ts";

export class Chances {
  readonly blocks: number;
  readonly flips: SignFlips;
  readonly resamples: Resamples;

  constructor(blocks: number, seed: number) {
    this.blocks = blocks;
    this.flips = new SignFlips(blocks, seed);
    this.resamples = new Resamples(blocks, seed);
  }
}
