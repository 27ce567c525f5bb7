import { EigenscopeError } from '../model/errors.ts';
import type { Figure } from './figure-model.ts';
import { pageOf, type FigureOptions } from './figure-page.ts';

export interface ScreeData {
  /** explained variance ratio, one per component, dimensionless */
  ratio: ArrayLike<number>;
  /** components kept, 0 … all */
  kept: number;
  /** true when means were subtracted: only then is it variance */
  centred: boolean;
  /** default true */
  log?: boolean;
  /** components drawn, default the first 30 */
  shown?: number;
}

/** The honest name of the quantity on a scree plot: without centring it is no variance. */
export const screeTitle = (centred: boolean): string =>
  centred ? 'Explained variance ratio' : 'Proportion of total variation';

/** Scree plot: one panel, components numbered from 1, kept ones filled. */
export function screeFigure(data: ScreeData, options: FigureOptions = {}): Figure {
  const { preset, style } = pageOf(options);
  const ratio = Array.from(data.ratio).slice(0, Math.max(1, data.shown ?? 30));
  if (ratio.length === 0) {
    throw new EigenscopeError(
      'shape-mismatch',
      'The result has no explained variance ratio, so there is no scree to draw. Use a decomposition by SVD or PCA.',
    );
  }
  const heightMm = Math.min(preset.maxHeightMm, options.heightMm ?? Math.min(60, preset.widthMm * 0.68));
  return {
    title: options.title ?? 'Scree plot',
    widthMm: preset.widthMm,
    heightMm,
    style,
    panels: [
      {
        kind: 'scree',
        box: {
          x: style.marginMm,
          y: style.marginMm,
          width: preset.widthMm - 2 * style.marginMm,
          height: heightMm - 2 * style.marginMm,
        },
        letter: null,
        heading: null,
        ratio,
        kept: data.kept,
        yTitle: screeTitle(data.centred),
        log: data.log ?? true,
      },
    ],
  };
}
