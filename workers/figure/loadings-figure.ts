import type { Axis } from '../model/axes.ts';
import { axisValues } from '../model/axes.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { Figure } from './figure-model.ts';
import { chosenComponents, type FigureOptions } from './figure-page.ts';
import { linesFigure, type LineOptions } from './lines-figure.ts';
import { mapsFigure, type MapOptions } from './maps-figure.ts';
import { checkMatrix, matrixColumn } from './matrix-column.ts';
import { axisTitle } from './si-units.ts';

export interface LoadingsData {
  /** pixels × components in C order; NaN = left out */
  loadings: ArrayLike<number>;
  components: number;
  /** in array order, slowest first: [y, x] for a map, [x] for a line */
  navigationAxes: readonly Axis[];
  /** names given by the user, by component */
  names?: readonly (string | null)[];
}

/**
 * Loadings: a map with scale bar and colour bar per component for two navigation axes, stacked step plots for one.
 * Throws `unknown-operation` for any other number of axes.
 */
export function loadingsFigure(data: LoadingsData, options: FigureOptions & MapOptions & LineOptions = {}): Figure {
  const pixels = data.navigationAxes.reduce((n, a) => n * a.size, 1);
  checkMatrix('loadings', data.loadings, pixels, data.components);
  const components = chosenComponents(data.components, options.components);
  const each = components.map((k) => ({
    number: k + 1,
    name: data.names?.[k] ?? null,
    values: matrixColumn(data.loadings, pixels, data.components, k),
  }));
  const [first, second] = data.navigationAxes;
  if (first !== undefined && second !== undefined && data.navigationAxes.length === 2) {
    return mapsFigure(each, { yAxis: first, xAxis: second, what: 'Loading' }, options);
  }
  if (first !== undefined && data.navigationAxes.length === 1) {
    return linesFigure(
      each,
      {
        what: 'Loading',
        xTitle: axisTitle(first.name, first.units, 'px'),
        x: axisValues(first),
        reversed: options.reversed ?? false,
        step: true,
      },
      options,
    );
  }
  throw new EigenscopeError(
    'unknown-operation',
    `Loadings over ${data.navigationAxes.length} navigation axes cannot be printed as one figure; ` +
      'one axis gives curves and two give maps. Choose a slice of the result first.',
    { axes: data.navigationAxes.length },
  );
}
