import { metresPerUnit, printUnits } from '../../workers/figure/si-units.ts';
import type { Axis } from '../../workers/model/axes.ts';

/**
 * Height of a map's pixel against its width: the ratio of the calibrated steps where both axes have one in the same
 * unit, or both in lengths; 1 (square) otherwise.
 */
export function pixelAspect(rows: Axis | undefined, columns: Axis | undefined): number {
  if (rows === undefined || columns === undefined) return 1;
  if (rows.values !== undefined || columns.values !== undefined) return 1;
  const [down, across] = [printUnits(rows.units), printUnits(columns.units)];
  if (down === null || across === null) return 1;
  const [downMetres, acrossMetres] = [metresPerUnit(rows.units), metresPerUnit(columns.units)];
  const areLengths = downMetres !== null && acrossMetres !== null;
  if (!areLengths && down !== across) return 1;
  const ratio = areLengths
    ? Math.abs((rows.scale * downMetres) / (columns.scale * acrossMetres))
    : Math.abs(rows.scale / columns.scale);
  if (!Number.isFinite(ratio) || ratio === 0) return 1;
  // steps that differ in the last digits of a file are meant to be the same
  return Math.abs(ratio - 1) < 1e-3 ? 1 : ratio;
}
