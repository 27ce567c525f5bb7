import { deflateSync } from 'node:zlib';
import { drawFigure } from '../figure/draw.ts';
import type { Figure } from '../figure/figure-model.ts';
import { toSvgText } from '../figure/svg.ts';

/** The figure as SVG in UTF-8: live text, maps embedded without loss, one object per scale bar and label. */
export function figureToSvg(figure: Figure): Uint8Array {
  const drawing = drawFigure(figure);
  return new TextEncoder().encode(toSvgText(drawing, { deflate: (bytes) => deflateSync(bytes, { level: 6 }) }));
}
