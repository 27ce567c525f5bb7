import type { Seed } from '../seeds.ts';
import { array, buildHdf5, group, texts, type DatasetNode, type GroupNode } from './hdf5.ts';

/* NCEM EMD from its description: groups marked with emd_group_type, axes in dimN. */

export interface NcemDim {
  name: string;
  units: string;
  values: readonly number[] | readonly string[];
}

/** A dim with all its coordinates, the first and the next, or the first alone. */
export const dim = (name: string, units: string, ...values: number[]): NcemDim => ({ name, units, values });

export interface NcemOptions {
  shape: readonly number[];
  dims: readonly NcemDim[];
  /** name of the data set, "data" where nothing is said */
  dataName?: string;
  attributes?: Readonly<Record<string, string | number>>;
  /** where the group is: "experiment/sample" */
  path?: string;
  /** version 1.0: types are words, dims are counted from 0 */
  isModern?: boolean;
  chunks?: readonly number[];
}

const under = (path: string, node: GroupNode): GroupNode =>
  path.split('/').reduceRight((inner, name) => group({ [name]: inner }), node);

function dimOf({ name, units, values }: NcemDim): DatasetNode {
  const isText = typeof values[0] === 'string';
  const node = isText
    ? texts(...(values as readonly string[]))
    : array(Float64Array.from(values as readonly number[]), [values.length]);
  return { ...node, attributes: { name, units } };
}

const signalGroup = (options: NcemOptions): GroupNode => {
  const { shape, dims, dataName = 'data', attributes = {}, isModern = false, chunks } = options;
  const values = Float32Array.from({ length: shape.reduce((n, size) => n * size, 1) }, (_, i) => i);
  const first = isModern ? 0 : 1;
  return group(
    {
      [dataName]: array(values, shape, chunks === undefined ? {} : { chunks }),
      ...Object.fromEntries(dims.map((one, i) => [`dim${i + first}`, dimOf(one)])),
    },
    { emd_group_type: isModern ? 'array' : 1, ...attributes },
  );
};

/** One array whose element i (as it is stored) is i. */
export function buildNcem(options: NcemOptions): Promise<Uint8Array> {
  const path = options.path ?? 'experiment/sample';
  const tree = under(path, signalGroup(options));
  return buildHdf5(
    group(
      {
        ...tree.children,
        microscope: group({}, { name: 'Titan', voltage: '300kV' }),
        user: group({}, { name: 'A. Person' }),
      },
      options.isModern ? { emd_group_type: 'file' } : { version_major: 0, version_minor: 2 },
    ),
  );
}

/** Simulated diffraction patterns at two depths, 1.5 Å each, one in two of them written. */
export function buildPrismatic(): Promise<Uint8Array> {
  const cube = (): GroupNode =>
    signalGroup({
      shape: [2, 3, 4, 4],
      dataName: 'datacube',
      dims: [
        dim('R_x', '[n_m]', 0, 0.5),
        dim('R_y', '[n_m]', 0, 0.5, 1),
        dim('Q_x', '[n_m^-1]', -2, -1, 0, 1),
        dim('Q_y', '[n_m^-1]', -2, -1, 0, 1),
      ],
    });
  // thickness of a slice, slices between two outputs, the cell and how often it is repeated along x, y and z
  const parameters = group({}, { s: 1.5, ns: 2, c: Float64Array.of(3, 3, 3), t: Int32Array.of(1, 1, 2), zs: 0 });
  return buildHdf5(
    group({
      '4DSTEM_simulation': group(
        {
          data: group({ datacubes: group({ CBED_depth0000: cube(), CBED_depth0001: cube() }), realslices: group({}) }),
          metadata: group({ metadata_0: group({ original: group({ simulation_parameters: parameters }) }) }),
        },
        { emd_group_type: 2, version_major: 0, version_minor: 5 },
      ),
    }),
  );
}

export const ncemSeeds: readonly Seed[] = [
  {
    name: 'emd-ncem',
    files: {
      'x.emd': await buildNcem({
        shape: [2, 3, 4],
        dims: [dim('y', '[n_m]', 0, 1), dim('x', '[n_m]', 0, 1, 2), dim('E', '[e_V]', 5, 7, 9, 11)],
        chunks: [1, 3, 4],
      }),
    },
  },
  {
    name: 'emd-ncem, version 1.0 with complex numbers',
    files: {
      'x.emd': await buildNcem({
        shape: [3, 4, 2],
        isModern: true,
        dims: [dim('y', 'nm', 0, 1), dim('x', 'nm', 0, 1), { name: 'real/imag', units: '', values: ['real', 'imag'] }],
      }),
    },
  },
  { name: 'emd-ncem, slices of a simulation', files: { 'x.emd': await buildPrismatic() } },
];
