import { removeSpikes } from '../algorithms/preprocess/remove_spikes/spec.ts';
import { removeDeadPixels } from '../algorithms/preprocess/remove_dead_pixels/spec.ts';
import { alignPeak } from '../algorithms/preprocess/align_peak/spec.ts';
import { reflectance } from '../algorithms/preprocess/reflectance/spec.ts';
import { removeBackground } from '../algorithms/preprocess/remove_background/spec.ts';
import { smooth } from '../algorithms/preprocess/smooth/spec.ts';
import { derivative } from '../algorithms/preprocess/derivative/spec.ts';
import { normalize } from '../algorithms/preprocess/normalize/spec.ts';
import { changeDtype } from '../algorithms/preprocess/change_dtype/spec.ts';
import { complexPart } from '../algorithms/preprocess/complex_part/spec.ts';
import { crop } from '../algorithms/preprocess/crop/spec.ts';
import { merge } from '../algorithms/preprocess/merge/spec.ts';
import { rebin } from '../algorithms/preprocess/rebin/spec.ts';
import { reduceAxis } from '../algorithms/preprocess/reduce_axis/spec.ts';
import { selectPixels } from '../algorithms/preprocess/select_pixels/spec.ts';
import { selectRegion } from '../algorithms/preprocess/select_region/spec.ts';
import { setAxis } from '../algorithms/preprocess/set_axis/spec.ts';
import { stack } from '../algorithms/preprocess/stack/spec.ts';
import { transpose } from '../algorithms/preprocess/transpose/spec.ts';
import type { AlgorithmSpec } from './algorithm.ts';

/**
 * Every step that makes data of data, in the order of the form. A new one is a folder, a line here and a line in the
 * table of steps.
 */
export const allPreparations: readonly AlgorithmSpec[] = [
  crop,
  selectRegion,
  selectPixels,
  rebin,
  reduceAxis,
  removeSpikes,
  removeDeadPixels,
  alignPeak,
  removeBackground,
  smooth,
  normalize,
  derivative,
  reflectance,
  transpose,
  setAxis,
  stack,
  merge,
  changeDtype,
  complexPart,
];
