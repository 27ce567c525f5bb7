import { EigenscopeError } from '../model/errors.ts';
import type { PixelLayout, SignalHeader } from '../model/signal.ts';
import type { PixelSource } from './pixel-source.ts';

export type CodedLayout = Extract<PixelLayout, { kind: 'coded' }>;

/** Opens the pixels of a signal that only its own decoder can read. */
export type OpenCoded = (layout: CodedLayout, signal: SignalHeader) => Promise<PixelSource> | PixelSource;

/** Every decoder by its name, loaded when it is needed. */
const codecs: Readonly<Record<string, () => Promise<OpenCoded>>> = {
  table: async () => (await import('./table/table-pixels.ts')).openTablePixels,
  'mib-raw': async () => (await import('./mib/raw-pixels.ts')).openMibRaw,
  velox: async () => (await import('./emd-velox/stream-pixels.ts')).openVeloxStream,
  'hdf5-converted': async () => (await import('./hdf5-converted.ts')).openConvertedPixels,
  'hdf5-pairs': async () => (await import('./hdf5-pairs.ts')).openPairedPixels,
  'hdf5-stack': async () => (await import('./hdf5-stack.ts')).openStackedPixels,
  'mrc-packed': async () => (await import('./mrc/packed-pixels.ts')).openMrcPacked,
  'digital-surf': async () => (await import('./digital-surf/surf-pixels.ts')).openSurfPixels,
  tiff: async () => (await import('./tiff/pixels.ts')).openTiffPixels,
  phenom: async () => (await import('./phenom/elid-pixels.ts')).openElidPixels,
  renishaw: async () => (await import('./renishaw/wdf-pixels.ts')).openWdfPixels,
  'renishaw-picture': async () => (await import('./renishaw/white-light.ts')).openWhiteLight,
  'bruker-map': async () => (await import('./bruker/hypermap-pixels.ts')).openMapPixels,
  'jeol-events': async () => (await import('./jeol/event-pixels.ts')).openEventPixels,
  'bruker-image': async () => (await import('./bruker/image-pixels.ts')).openImagePixels,
  zarr: async () => (await import('./zarr/pixels.ts')).openZarrPixels,
  matlab: async () => (await import('./matlab/mat-pixels.ts')).openMatlabPixels,
};

/** @throws EigenscopeError what the decoder throws: `truncated-file`, `corrupt-file`, `file-changed` … */
export async function openCodedPixels(layout: CodedLayout, signal: SignalHeader): Promise<PixelSource> {
  const load = Object.hasOwn(codecs, layout.codec) ? codecs[layout.codec] : undefined;
  if (load === undefined) {
    throw new EigenscopeError('unsupported-format', `There is no decoder “${layout.codec}” in this version.`);
  }
  return (await load())(layout, signal);
}
