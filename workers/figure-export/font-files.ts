import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EigenscopeError } from '../model/errors.ts';

/** The fonts that figures are set in: TrueType, free to embed (see the licence beside them). */
export interface FontFiles {
  regular: string;
  bold: string;
}

const PLACE = join('assets', 'fonts');

/**
 * Finds the font files: in `folder`, else in assets/fonts of the nearest folder above this module, which holds for
 * the sources and for a bundle alike. Throws `file-not-found` when the installation is incomplete.
 */
export function fontFiles(folder?: string): FontFiles {
  const place = folder ?? nearestFonts(dirname(fileURLToPath(import.meta.url)));
  const files = { regular: join(place, 'Arimo-Regular.ttf'), bold: join(place, 'Arimo-Bold.ttf') };
  for (const file of [files.regular, files.bold]) {
    if (existsSync(file)) continue;
    throw new EigenscopeError(
      'file-not-found',
      `The font ${file} is missing, and without it text cannot be embedded. Install Eigenscope again.`,
      { path: file },
    );
  }
  return files;
}

function nearestFonts(start: string): string {
  for (let at = start; ; at = dirname(at)) {
    const candidate = join(at, PLACE);
    if (existsSync(candidate)) return candidate;
    if (dirname(at) === at) return join(start, PLACE);
  }
}
