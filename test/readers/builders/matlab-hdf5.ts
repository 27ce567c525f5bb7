import type { Seed } from '../seeds.ts';
import { array, buildHdf5, group, type GroupNode } from './hdf5.ts';

/** A MATLAB 7.3 file: 512 bytes that begin with text, then HDF5. */
export async function buildMatlabHdf5(children: GroupNode['children']): Promise<Uint8Array> {
  const hdf5 = await buildHdf5(group(children));
  const header = Buffer.alloc(512);
  header.write(
    'MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan 01 00:00:00 2024 HDF5 schema 1.00 .',
    'latin1',
  );
  header.writeUInt16LE(0x0200, 124);
  header.write('IM', 126, 'latin1');
  return Buffer.concat([header, hdf5]);
}

const numbers = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => i);
const ofClass = (name: string) => ({ attributes: { MATLAB_class: name } });

/** A cube of 2 × 3 places and 4 channels as MATLAB sees it: stored back to front. */
export const matlabVariables: GroupNode['children'] = {
  cube: array(numbers(24), [4, 3, 2], ofClass('double')),
  packed: array(Uint8Array.from(numbers(24)), [4, 3, 2], { ...ofClass('uint8'), chunks: [2, 3, 2], gzip: 4 }),
  row: array(numbers(5), [5, 1], ofClass('double')),
  level: array(numbers(1), [1, 1], ofClass('double')),
  note: array(
    Uint16Array.from('Größe', (c) => c.charCodeAt(0)),
    [5, 1],
    ofClass('char'),
  ),
  nothing: { ...array(BigUint64Array.of(0n, 0n), [2]), attributes: { MATLAB_class: 'double', MATLAB_empty: 1 } },
  record: group({ inner: array(numbers(6), [3, 2], ofClass('double')) }, { MATLAB_class: 'struct' }),
  thin: group(
    { data: array(numbers(2), [2]), ir: array(numbers(2), [2]) },
    { MATLAB_class: 'double', MATLAB_sparse: 3 },
  ),
};

export const matlabHdf5Seeds: readonly Seed[] = [
  { name: 'matlab-hdf5', files: { 'x.mat': await buildMatlabHdf5(matlabVariables) } },
];
