import { EigenscopeError } from '../../model/errors.ts';
import { withFile } from '../file-bytes.ts';
import type { Reader } from '../reader.ts';

/** What an EDAX picture file tells about the map that it belongs to. */
export interface IprHeader {
  version: number;
  /** µm per pixel */
  perPixelX: number;
  perPixelY: number;
}

const headerBytes = 72;
const versions: readonly number[] = [333, 334];

/** Pixel sizes; null when the file is none of the known versions or tells nothing usable. */
export function readIpr(path: string): IprHeader | null {
  return withFile(path, (file) => {
    if (file.size < headerBytes) return null;
    const view = file.view(0, headerBytes);
    const version = view.getUint16(0, true);
    const perPixelX = view.getFloat32(64, true);
    const perPixelY = view.getFloat32(68, true);
    const isUsable = [perPixelX, perPixelY].every((size) => Number.isFinite(size) && size > 0);
    return versions.includes(version) && isUsable ? { version, perPixelX, perPixelY } : null;
  });
}

/** EDAX pictures hold no data of their own here: recognised so that the sentence says what to open instead. */
export const edaxIprReader: Reader = {
  id: 'edax-ipr',
  title: 'EDAX picture (IPR)',
  extensions: ['ipr'],
  probe: (head, path) =>
    /\.ipr$/i.test(path) && head.length >= 2 && versions.includes(head[0]! + 256 * head[1]!) ? 1 : 0,
  async header(path) {
    throw new EigenscopeError(
      'unsupported-format',
      `${path.split(/[\\/]/).at(-1)} only tells the pixel size of an EDAX map. Open the map beside it (.spd); the pixel size is then read from here.`,
      { path },
    );
  },
};
