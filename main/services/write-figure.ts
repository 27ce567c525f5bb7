import { extname } from 'node:path';
import { EigenscopeError } from '../../workers/model/errors.ts';
import type { Figure } from '../../workers/figure/figure-model.ts';
import { writeAtomically } from '../io/atomic-write.ts';
import type { Pool } from './pool.ts';

const formats = { '.svg': 'svg', '.pdf': 'pdf', '.png': 'png', '.tif': 'tiff', '.tiff': 'tiff' } as const;

/** Writes a figure in the format of the file's extension; rendered by a pool thread, because a print-size PNG takes a while. */
export async function writeFigureFile(
  pool: Pool,
  path: string,
  figure: Figure,
  dpi: number,
  assetsFolder: string,
  overwrite: boolean,
): Promise<void> {
  const format = formats[extname(path).toLowerCase() as keyof typeof formats];
  if (format === undefined) {
    throw new EigenscopeError(
      'bad-request',
      `Figures are written as ${Object.keys(formats).join(', ')}; got ${path}.`,
      { path },
    );
  }
  const bytes = await pool.run('renderFigure', { figure, format, dpi, assetsFolder });
  await writeAtomically(path, { overwrite }, async (handle) => {
    await handle.writeFile(bytes);
  });
}
