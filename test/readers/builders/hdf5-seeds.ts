import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHspy } from '../../../main/io/hspy-writer.ts';
import type { Seed } from '../seeds.ts';
import { array, buildHdf5, fixed, group, texts } from './hdf5.ts';

/* Small files of the layouts that live in HDF5 and have no builder of their own. */

/** A map with learning results, as Eigenscope writes it: new headers with checksums, packed. */
async function buildHspy(): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'eigenscope-hspy-'));
  try {
    const path = join(folder, 'x.hspy');
    const signal = {
      title: 'map',
      signalType: 'EELS',
      shape: [2, 3, 5],
      dtype: 'uint16' as const,
      axes: [
        { name: 'y', units: 'nm', size: 2, navigate: true, scale: 1, offset: 0 },
        { name: 'x', units: 'nm', size: 3, navigate: true, scale: 1, offset: 0 },
        { name: 'Energy', units: 'eV', size: 5, navigate: false, scale: 0.5, offset: 100 },
      ],
      metadata: { Sample: { elements: ['Fe', 'Pt'] }, list: [1, 2, 3], mixed: [1, 'a', [2]] },
      originalMetadata: { a: 'text', b: { c: 1.5, d: null } },
      data: Uint16Array.from({ length: 30 }, (_, i) => i * 3),
      learning: {
        arrays: { factors: { dtype: 'float64' as const, shape: [5, 2], data: new Float64Array(10).fill(2) } },
        scalars: { output_dimension: 2 },
      },
      provenance: '{"eigenscope":1}',
    };
    await writeHspy(path, { signals: [signal] }, { overwrite: true });
    return new Uint8Array(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const numbers = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);

const axis = (name: string, size: number) => group({}, { name, size, scale: 0.5, offset: 1, units: 'nm' });

/** As h5py wrote it for version 1: old headers without checksums, a packed array, `record_by` for what is a signal. */
const oldHspy = group(
  {
    Experiments: group({
      map: group({
        data: array(numbers(24), [2, 3, 4], { chunks: [1, 3, 4], gzip: 4 }),
        'axis-0': axis('y', 2),
        'axis-1': axis('x', 3),
        'axis-2': axis('Energy', 4),
        metadata: group({
          General: group({}, { title: 'map' }),
          Signal: group({}, { signal_type: 'EDS_SEM', record_by: 'spectrum' }),
          Sample: group({ _list_elements: texts('Fe', 'Pt') }),
        }),
        original_metadata: group({ camera: group({}, { exposure: 0.5, name: 'one' }) }),
        learning_results: group({ factors: array(numbers(8), [4, 2]) }, { output_dimension: 2 }),
      }),
    }),
  },
  { file_format: 'HyperSpy', file_format_version: '1.2' },
);

/** The class of the data is a text of fixed length, the only kind that HyperSpy looks for; the others have any length. */
const nexus = group({
  entry: group(
    {
      detector: group(
        {
          counts: array(numbers(24), [2, 3, 4], { attributes: { long_name: 'Counts' } }),
          y: array(numbers(2), [2], { attributes: { units: 'um' } }),
          x: array(numbers(3), [3], { attributes: { units: 'um' } }),
          energy: array(numbers(4), [4], { attributes: { units: 'eV' } }),
        },
        { NX_class: fixed('NXdata'), signal: 'counts', axes: ['y', 'x', 'energy'], energy_indices: 2 },
      ),
      instrument: group({ name: texts('beamline') }, { NX_class: 'NXinstrument' }),
    },
    { NX_class: 'NXentry' },
  ),
});

const delmic = group({
  Acquisition0: group({
    ImageData: group({
      Image: array(Uint16Array.from(numbers(24)), [4, 1, 1, 2, 3], {
        attributes: { DIMENSION_LABELS: ['C', 'T', 'Z', 'Y', 'X'] },
      }),
      DimensionScaleC: array(Float64Array.of(4e-7, 5e-7, 6e-7, 7e-7), [4]),
      DimensionScaleX: array(Float64Array.of(1e-7), [1]),
      DimensionScaleY: array(Float64Array.of(1e-7), [1]),
      XOffset: array(Float64Array.of(0), [1]),
      YOffset: array(Float64Array.of(0), [1]),
    }),
    PhysicalData: group({ Title: texts('Spectrum') }),
  }),
  Acquisition1: group({
    ImageData: group({ Image: array(Uint16Array.from(numbers(6)), [1, 1, 1, 2, 3]) }),
  }),
});

const plain = group({
  a: array(Int32Array.from(numbers(24)), [2, 3, 4], { chunks: [1, 2, 4], gzip: 1 }),
  deep: group({ b: array(BigInt64Array.of(1n, 2n, 3n), [3]), note: texts('x', 'yy') }),
});

export const hdf5Seeds: readonly Seed[] = [
  { name: 'hspy', files: { 'x.hspy': await buildHspy() } },
  { name: 'hspy, of h5py', files: { 'x.hspy': await buildHdf5(oldHspy) } },
  { name: 'nexus', files: { 'x.nxs': await buildHdf5(nexus) } },
  { name: 'delmic', files: { 'x.h5': await buildHdf5(delmic) } },
  { name: 'hdf5', files: { 'x.h5': await buildHdf5(plain) } },
];
