import { seriesStyle, type Figure, type LinesPanel } from './figure-model.ts';
import { pageOf, type FigureOptions } from './figure-page.ts';

export interface LineOptions {
  /** components to draw, from 0; default all */
  components?: readonly number[];
  /** default stack */
  arrangement?: LinesPanel['arrangement'];
  /** of a stack; default each on its own scale */
  scaling?: LinesPanel['scaling'];
  /** default: what the field does with this axis */
  reversed?: boolean;
}

export interface NumberedCurve {
  /** component number, from 1 */
  number: number;
  name: string | null;
  values: ArrayLike<number>;
}

/** One panel of curves, named at their right ends; colours go by component number, so that figures agree. */
export function linesFigure(
  curves: readonly NumberedCurve[],
  plot: Pick<LinesPanel, 'xTitle' | 'x' | 'reversed' | 'step'> & { what: 'Loading' | 'Factor' },
  options: FigureOptions & LineOptions,
): Figure {
  const { preset, style } = pageOf(options);
  // a single curve needs no offset: it gets numbers on its axis instead
  const arrangement = curves.length === 1 ? 'overlay' : (options.arrangement ?? 'stack');
  const scaling = options.scaling ?? 'each';
  const wanted = arrangement === 'stack' ? 16 + Math.max(24, 13 * curves.length) : 60;
  const heightMm = Math.min(preset.maxHeightMm, options.heightMm ?? wanted);
  const { what, ...axes } = plot;
  const remarks = arrangement === 'overlay' ? '' : scaling === 'each' ? ', each scaled, offset' : ', offset';
  return {
    title: options.title ?? `${what}s`,
    widthMm: preset.widthMm,
    heightMm,
    style,
    panels: [
      {
        kind: 'lines',
        box: {
          x: style.marginMm,
          y: style.marginMm,
          width: preset.widthMm - 2 * style.marginMm,
          height: heightMm - 2 * style.marginMm,
        },
        letter: null,
        heading: null,
        ...axes,
        yTitle: `${what} (a.u.${remarks})`,
        arrangement,
        scaling,
        series: curves.map(({ number, name, values }) => ({
          label: name === null ? String(number) : `${number} ${name}`,
          values,
          ...seriesStyle(number - 1),
        })),
      },
    ],
  };
}
