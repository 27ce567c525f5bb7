import type { Figure } from '../figure/figure-model.ts';

export type FigureFormat = 'svg' | 'pdf' | 'png' | 'tiff';

/**
 * A figure as the bytes of a file. The libraries behind a format are loaded with its first use: most threads never
 * draw.
 */
export async function renderFigureFile(
  figure: Figure,
  format: FigureFormat,
  dpi: number,
  fontFolder: string,
): Promise<Uint8Array> {
  if (format === 'svg') return (await import('../figure-export/to-svg.ts')).figureToSvg(figure);
  if (format === 'pdf') return (await import('../figure-export/to-pdf.ts')).figureToPdf(figure, { fontFolder });
  if (format === 'tiff') return (await import('../figure-export/to-tiff.ts')).figureToTiff(figure, { dpi, fontFolder });
  return (await import('../figure-export/to-png.ts')).figureToPng(figure, { dpi, fontFolder });
}
