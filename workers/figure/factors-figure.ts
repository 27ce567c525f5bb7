import type { Axis } from '../model/axes.ts';
import { axisValues } from '../model/axes.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { Figure } from './figure-model.ts';
import { chosenComponents, type FigureOptions } from './figure-page.ts';
import { linesFigure, type LineOptions } from './lines-figure.ts';
import { mapsFigure, type MapOptions } from './maps-figure.ts';
import { checkMatrix, matrixColumn } from './matrix-column.ts';
import { axisTitle } from './si-units.ts';

export interface FactorsData {
  /** channels × components in C order */
  factors: ArrayLike<number>;
  components: number;
  /** in array order, slowest first: one for spectra, two for images */
  signalAxes: readonly Axis[];
  names?: readonly (string | null)[];
}

/** Wavenumbers fall to the right, as in the field's journals; energies and wavelengths rise. */
export const fallsToTheRight = (axis: Axis): boolean =>
  /wavenumber/i.test(axis.name) ||
  (/^(1\/cm|cm-1|cm\^-1|cm⁻¹)$/.test(axis.units ?? '') && !/raman|shift/i.test(axis.name));

/**
 * Factors: spectra (stacked, or overlaid on request) for one signal axis, an image per component for two.
 * Throws `unknown-operation` for any other number of axes.
 */
export function factorsFigure(data: FactorsData, options: FigureOptions & MapOptions & LineOptions = {}): Figure {
  const channels = data.signalAxes.reduce((n, a) => n * a.size, 1);
  checkMatrix('factors', data.factors, channels, data.components);
  const components = chosenComponents(data.components, options.components);
  const each = components.map((k) => ({
    number: k + 1,
    name: data.names?.[k] ?? null,
    values: matrixColumn(data.factors, channels, data.components, k),
  }));
  const [first, second] = data.signalAxes;
  if (first !== undefined && second !== undefined && data.signalAxes.length === 2) {
    return mapsFigure(each, { yAxis: first, xAxis: second, what: 'Factor' }, options);
  }
  if (first !== undefined && data.signalAxes.length === 1) {
    return linesFigure(
      each,
      {
        what: 'Factor',
        xTitle: axisTitle(first.name, first.units, 'channel'),
        x: axisValues(first),
        reversed: options.reversed ?? fallsToTheRight(first),
        step: false,
      },
      options,
    );
  }
  throw new EigenscopeError(
    'unknown-operation',
    `Factors over ${data.signalAxes.length} signal axes cannot be printed as one figure; ` +
      'one axis gives spectra and two give images. Choose a slice of the result first.',
    { axes: data.signalAxes.length },
  );
}
