import { parse } from 'node:path';
import type { Metadata } from '../../model/signal.ts';
import { beside } from '../companion.ts';
import { decodeText, withFile } from '../file-bytes.ts';

/* Direct Electron cameras write NAME_movie.mrc and tell in NAME_info.txt (“key = value”) how the probe was scanned. */

const longestInfo = 2 ** 20;

export interface DirectElectronInfo {
  /** scan positions; null when no scan was recorded */
  scan: { x: number; y: number } | null;
  values: Metadata;
}

/** The info file that belongs to a movie; null when there is none or it is not text of a plausible length. */
export function readInfoBeside(path: string): DirectElectronInfo | null {
  const { name } = parse(path);
  const stem = /^(.*)_[^_]+$/.exec(name)?.[1];
  const found = beside(path, `${name}_info.txt`) ?? (stem === undefined ? null : beside(path, `${stem}_info.txt`));
  if (found === null) return null;
  return withFile(found, (file) => {
    if (file.size > longestInfo) return null;
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    const values: Metadata = {};
    for (const line of decodeText(bytes).split(/\r?\n/)) {
      const [key, value] = line.split(/\s*=(.*)/s);
      if (key && value !== undefined) values[key.trim()] = value.trim();
    }
    const size = (key: string): number => {
      const number = Number(values[key] ?? '');
      return Number.isSafeInteger(number) && number > 0 ? number : 0;
    };
    const x = size('Scan - Size X');
    const y = size('Scan - Size Y');
    return { scan: values['Scan - Enable'] !== 'Disable' && x * y > 1 ? { x, y } : null, values };
  });
}

/** HyperSpy's names where there are any. */
export function instrumentOf({ values }: DirectElectronInfo): Metadata {
  const number = (key: string, factor = 1): number | null => {
    const value = Number(values[key] ?? '');
    return values[key] !== undefined && Number.isFinite(value) && value > 0 ? value * factor : null;
  };
  const camera = values['Camera Model'];
  return Object.fromEntries(
    Object.entries({
      beam_energy: number('Instrument Accelerating Voltage (V)', 1e-3),
      magnification: number('Instrument Project Magnification'),
      camera_length: number('Instrument Project Camera Length (centimeters)', 10),
      detector: typeof camera === 'string' && camera !== '' ? camera : null,
      frames_per_second: number('Frames Per Second'),
    }).filter(([, value]) => value !== null),
  );
}
