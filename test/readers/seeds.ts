import { brukerSeeds } from './builders/bruker.ts';
import { jeolSeeds } from './builders/jeol.ts';
import { buildDm3, buildDm4 } from './builders/dm.ts';
import { digitalSurfSeeds } from './builders/digital-surf.ts';
import { edaxSeeds } from './builders/edax.ts';
import { hamamatsuSeeds } from './builders/hamamatsu.ts';
import { phenomSeeds } from './builders/phenom.ts';
import { renishawSeeds } from './builders/renishaw.ts';
import { spectroscopyXmlSeeds } from './builders/spectroscopy-xml.ts';
import { frameFormatSeeds } from './builders/frame-formats.ts';
import { logSeeds } from './builders/logs.ts';
import { matlabSeeds } from './builders/matlab.ts';
import { mrcSeeds } from './builders/mrc.ts';
import { enviSeeds } from './builders/envi.ts';
import { zspySeeds } from './builders/zarr.ts';
import { ncemSeeds } from './builders/emd-ncem.ts';
import { veloxSeeds } from './builders/emd-velox.ts';
import { hdf5Seeds } from './builders/hdf5-seeds.ts';
import { hdf5FilterSeeds } from './builders/hdf5-filters.ts';
import { matlabHdf5Seeds } from './builders/matlab-hdf5.ts';
import { buildNpy, buildNpz } from './builders/numpy.ts';
import { buildMsa, buildRipple } from './builders/text.ts';
import { semperSeeds } from './builders/semper.ts';
import { tableSeeds } from './builders/table.ts';
import { tiaSeeds } from './builders/tia.ts';
import { tiffSeeds } from './builders/tiff.ts';

/** A small valid file of a format, from which damaged ones are made. The first of the files is the one that is opened. */
export interface Seed {
  /** format and variant: "bcf, packed" */
  name: string;
  files: Readonly<Record<string, Uint8Array>>;
}

const array = buildNpy({ shape: [3, 4, 5], dtype: 'uint16' });
const ripple = buildRipple({
  width: 4,
  height: 3,
  depth: 5,
  recordBy: 'vector',
  extra: { signal: 'EELS', title: 'x' },
});

/** Every format and variant that is damaged in the fuzz tests. */
export const allSeeds: readonly Seed[] = [
  { name: 'dm3', files: { 'x.dm3': buildDm3({ shape: [3, 4, 5], spectrumImage: true, signal: 'EELS' }) } },
  { name: 'dm4', files: { 'x.dm4': buildDm4({ shape: [3, 4, 5], spectrumImage: true, signal: 'EELS' }) } },
  { name: 'dm4, big-endian', files: { 'x.dm4': buildDm4({ shape: [3, 4], bigEndian: true }) } },
  { name: 'npy', files: { 'x.npy': array } },
  { name: 'npy, Fortran order', files: { 'x.npy': buildNpy({ shape: [3, 4, 5], fortranOrder: true, version: 2 }) } },
  { name: 'npz', files: { 'x.npz': buildNpz({ 'a.npy': array, 'b.npy': buildNpy({ shape: [4] }) }) } },
  {
    name: 'npz, compressed',
    files: { 'x.npz': buildNpz({ 'a.npy': array, 'b.npy': buildNpy({ shape: [4] }) }, true) },
  },
  { name: 'ripple', files: { 'x.rpl': ripple.rpl, 'x.raw': ripple.raw } },
  { name: 'msa', files: { 'x.msa': buildMsa({ values: [1, 2, 3, 4, 5], positions: [1, 2, 3, 4, 5] }) } },
  ...brukerSeeds,
  ...jeolSeeds,
  ...tiaSeeds,
  ...tiffSeeds,
  ...veloxSeeds,
  ...ncemSeeds,
  ...hdf5FilterSeeds,
  ...matlabHdf5Seeds,
  ...hdf5Seeds,
  ...mrcSeeds,
  ...frameFormatSeeds,
  ...enviSeeds,
  ...zspySeeds,
  ...renishawSeeds,
  ...phenomSeeds,
  ...edaxSeeds,
  ...digitalSurfSeeds,
  ...spectroscopyXmlSeeds,
  ...hamamatsuSeeds,
  ...matlabSeeds,
  ...semperSeeds,
  ...logSeeds,
  ...tableSeeds,
];
