import { EigenscopeError } from '../../workers/model/errors.ts';
import type { ResultArray, ResultRecord } from '../../workers/model/result.ts';
import { navigationAxes, signalAxes } from '../../workers/model/signal.ts';
import { colormapOf } from '../../workers/figure/colormaps.ts';
import { drawFigure } from '../../workers/figure/draw.ts';
import type { Drawing } from '../../workers/figure/drawing.ts';
import { factorsFigure } from '../../workers/figure/factors-figure.ts';
import type { Figure } from '../../workers/figure/figure-model.ts';
import type { FigureOptions } from '../../workers/figure/figure-page.ts';
import { loadingsFigure } from '../../workers/figure/loadings-figure.ts';
import { preflight } from '../../workers/figure/preflight.ts';
import { customPreset, figurePresets, type FigurePreset } from '../../workers/figure/presets.ts';
import { screeFigure } from '../../workers/figure/scree-figure.ts';
import type { FigureRequest } from '../contract/methods.ts';

export type FigureChoice = Omit<FigureRequest, 'result'>;

/** The journal's preset with this column width, or one of the user's own; text and dpi as asked. */
function presetFor(choice: FigureChoice): FigurePreset {
  const base = figurePresets.find(({ widthMm }) => widthMm === choice.widthMm) ?? customPreset(choice.widthMm);
  return { ...base, textPt: choice.textPt, tickPt: Math.max(base.minTextPt, choice.textPt - 1), rasterDpi: choice.dpi };
}

export interface BuiltFigure {
  figure: Figure;
  drawing: Drawing;
  /** what a journal would send back, in words */
  warnings: string[];
}

const limits = { widthMm: [20, 1000], dpi: [72, 2400], textPt: [3, 36] } as const;

/**
 * A figure of a result, drawn at its real size.
 * @param array answers the arrays of the result by name
 * @throws EigenscopeError `parameter-out-of-range` for sizes no page has; `not-found` when the result lacks what is drawn.
 */
export async function buildFigure(
  record: ResultRecord,
  array: (name: string) => Promise<ResultArray>,
  choice: FigureChoice,
): Promise<BuiltFigure> {
  for (const [name, [min, max]] of Object.entries(limits) as [keyof typeof limits, readonly [number, number]][]) {
    if (!(choice[name] >= min && choice[name] <= max)) {
      throw new EigenscopeError(
        'parameter-out-of-range',
        `The figure's ${name} must be from ${min} to ${max}; got ${choice[name]}.`,
      );
    }
  }
  const preset = presetFor(choice);
  const options: FigureOptions = {
    preset,
    title: `${record.name}: ${choice.kind}`,
    ...(choice.heightMm === null ? {} : { heightMm: choice.heightMm }),
  };
  const maps = {
    components: choice.components,
    shareLimits: choice.shareLimits,
    ...(choice.colormap === null ? {} : { colormap: colormapOf(choice.colormap).id }),
  };
  const build = async (): Promise<Figure> => {
    if (choice.kind === 'scree') {
      if (record.arrays['explained_variance_ratio'] === undefined) {
        throw new EigenscopeError(
          'not-found',
          `${record.name} has no explained variance ratio, so there is no scree to draw. Draw that of a decomposition by SVD or PCA.`,
        );
      }
      const { data } = await array('explained_variance_ratio');
      const centred = record.parameters['centre'] != null || record.algorithm === 'sklearn_pca';
      return screeFigure({ ratio: data, kept: choice.components.length, centred }, options);
    }
    const separated = `bss_${choice.kind}`;
    const matrix = await array(record.arrays[separated] === undefined ? choice.kind : separated);
    const components = matrix.shape[1] ?? 1;
    if (choice.kind === 'factors') {
      return factorsFigure(
        { factors: matrix.data, components, signalAxes: signalAxes(record.axes) },
        { ...options, ...maps },
      );
    }
    return loadingsFigure(
      { loadings: matrix.data, components, navigationAxes: navigationAxes(record.axes) },
      { ...options, ...maps },
    );
  };
  const figure = await build();
  const drawing = drawFigure(figure);
  const warnings = preflight(figure, drawing, preset).flatMap(({ passed, message }) => (passed ? [] : [message]));
  return { figure, drawing, warnings };
}
