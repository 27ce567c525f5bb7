import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, SignalHeader } from '../../model/signal.ts';
import type { Hdf5File } from '../hdf5-open.ts';
import { childPath, kindOf } from '../hdf5-tree.ts';
import type { ReadHints } from '../reader.ts';
import { readVeloxEels } from './velox-eels.ts';
import { readVeloxImage, readVeloxSpectra, veloxGroups, veloxImages } from './velox-images.ts';
import { linkedImages } from './velox-scan.ts';
import { readVeloxStreams } from './velox-streams.ts';
import { veloxTitles } from './velox-titles.ts';

const kinds = ['SpectrumStream', 'EelsSpectrumImage', 'Image', 'Spectrum', 'SpectrumImage'];

/** Whether an open HDF5 file has the layout of Velox (Thermo Fisher, before FEI): kinds of data with metadata in JSON. */
export function isVelox(file: Hdf5File): boolean {
  if (kindOf(file, '/Data') !== 'group') return false;
  const hasVersion = ['/Version', '/Info'].some((path) => kindOf(file, path) === 'dataset');
  return kinds.some((kind) => {
    if (kindOf(file, `/Data/${kind}`) !== 'group') return false;
    const [group] = veloxGroups(file, kind);
    return group === undefined ? hasVersion : hasVersion || kindOf(file, childPath(group, 'Metadata')) === 'dataset';
  });
}

/**
 * All signals of a Velox file: spectrum images first, then images, then spectra. Spectrum images of "pruned" files are
 * kept in a form of Velox' own that is not published; their images and sum spectra are read.
 */
export async function readVeloxHeader(file: Hdf5File, hints: ReadHints): Promise<FileHeader> {
  const images = veloxImages(file);
  const linked = linkedImages(file);
  const titles = veloxTitles(file);
  const streams = await readVeloxStreams(file, images, linked, hints);
  const losses = await readVeloxEels(file, images, linked);
  const pictures: SignalHeader[] = [];
  const hasScan = streams.length > 0 || losses.length > 0;
  for (const image of images) pictures.push(await readVeloxImage(file, image, titles, hints, hasScan));
  const spectra = await readVeloxSpectra(file);
  const signals = [...streams, ...losses, ...pictures, ...spectra];
  const [first, ...others] = signals;
  const isPruned = streams.length === 0 && veloxGroups(file, 'SpectrumImage').length > 0;
  if (first === undefined) {
    throw new EigenscopeError(
      'unsupported-format',
      isPruned
        ? `${file.path} is a Velox file without its spectrum stream: what is left of the spectrum image can only be read by Velox. Save it again without pruning.`
        : `${file.path} is a Velox file without images or spectra.`,
      { path: file.path },
    );
  }
  const warnings = isPruned
    ? [
        'The spectrum image of this file was pruned (its stream of events is not there): only images and sum spectra can be read. Save it again from Velox without pruning.',
      ]
    : [];
  return { format: 'emd-velox', signals: [{ ...first, warnings: [...first.warnings, ...warnings] }, ...others] };
}
