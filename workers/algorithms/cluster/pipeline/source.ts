import { EigenscopeError } from '../../../model/errors.ts';
import { elementCount } from '../../../model/dtype.ts';
import type { Job, ParentResult, RunInput } from '../../../job.ts';
import type { MatrixView, RowSource } from '../../../model/rows.ts';
import { shareFloats, shareIndices } from '../../../passes/share.ts';
import { sumsPass } from '../../../passes/sums.ts';
import { chosenComponents, pickColumns } from '../../derived/parent.ts';
import { selectKept } from '../../decomposition/pipeline/masks.ts';
import { choosePeakMaps, refusePeakChoice, type PeakChoice } from './peak-maps.ts';

export interface SourceValues extends PeakChoice {
  cluster_source: string | null;
  source_for_centers: string | null;
  number_of_components: number | null;
  /** chosen ones in place of the first; they say what is compared, not what the signals are made from */
  comp_list: number | readonly number[] | null;
}

/** What is clustered, before scaling. */
export interface ClusterSource {
  /** A: kept pixels × kept columns */
  view: MatrixView;
  /** sample of every row of the view, in order; absent when all are kept */
  kept?: Int32Array<SharedArrayBuffer>;
  keptCount: number;
  samples: number;
  notes: string[];
  /** what the rows of the view were chosen from */
  origin: SourceRows;
}

/** Values of all samples, or loadings with their factors. */
interface SourceRows {
  rows: RowSource;
  factors?: Float64Array;
  /** of the values of a sample */
  shape: readonly number[];
}

/** Of what the signals of the clusters are taken: rows of a signal, or loadings with the factors they multiply. */
export interface CentreSource {
  /** all samples × columns */
  rows: RowSource;
  /** [channels × columns] where the rows are loadings */
  factors?: Float64Array;
  /** number of values of the signals */
  channels: number;
}

type Word = 'signal' | 'decomposition' | 'bss';
const isWord = (name: string): name is Word => name === 'signal' || name === 'decomposition' || name === 'bss';

/**
 * The pixels that are clustered: not masked, and without values that are not finite numbers (left-out pixels of a
 * decomposition are NaN).
 * @throws EigenscopeError `bad-request` where the step is not applied to what the source names; `shape-mismatch`;
 *   `all-masked`; `parameter-out-of-range` for components that are not there
 */
export async function clusterSource(
  input: RunInput,
  values: SourceValues,
  job: Job,
  phase: number,
): Promise<ClusterSource> {
  const name = values.cluster_source ?? 'signal';
  const samples = elementCount(input.navigationShape);
  const pixels = selectKept(input.inputs['navigation_mask'], 'navigation_mask', input.navigationShape);
  const wanted = values.comp_list ?? values.number_of_components;
  const origin = rowsOf(input, name, 'cluster_source', wanted, values, job);
  const { rows, shape } = origin;
  const mask = name === 'signal' || !isWord(name) ? input.inputs['signal_mask'] : undefined;
  const columns = selectKept(mask, 'signal_mask', shape);
  if (columns.keptCount === 0) {
    throw new EigenscopeError(
      'all-masked',
      `All ${columns.size} channels are masked. Clear the signal mask or invert it.`,
      {
        masked: columns.size,
      },
    );
  }
  const chosen = columns.kept ? { columns: columns.kept } : {};
  const masked: MatrixView = { source: rows, ...(pixels.kept ? { rows: pixels.kept } : {}), ...chosen };
  const notes: string[] = [];
  let kept = pixels.kept;
  let keptCount = pixels.keptCount;
  if (keptCount > 0) {
    const rowSums = job.allocate(keptCount);
    const { rowsNotFinite } = await job.run(sumsPass, masked, { rowSums }, phase);
    if (rowsNotFinite > 0) {
      const places = kept ?? Int32Array.from({ length: samples }, (_, i) => i);
      kept = shareIndices(Array.from(places).filter((_, row) => Number.isFinite(rowSums[row])));
      notes.push(
        `${keptCount - kept.length} pixels hold values that are not finite numbers; they belong to no cluster.`,
      );
      keptCount = kept.length;
    }
  }
  if (keptCount < 2) {
    throw new EigenscopeError(
      keptCount === 0 ? 'all-masked' : 'too-few-samples',
      `${keptCount} of ${samples} pixels are left to be clustered; at least 2 are needed. Mask fewer pixels.`,
      { samples: keptCount },
    );
  }
  const view: MatrixView = { source: rows, ...(kept ? { rows: kept } : {}), ...chosen };
  return { view, ...(kept ? { kept } : {}), keptCount, samples, notes, origin };
}

/**
 * Of what the signals of the clusters are taken: `source_for_centers`, or what is clustered.
 * @param clustered the rows that are clustered
 */
export function centreSource(input: RunInput, values: SourceValues, clustered: SourceRows, job: Job): CentreSource {
  const name = values.source_for_centers ?? values.cluster_source ?? 'signal';
  // as in HyperSpy: where no number is given, the signals are made from all components
  const wanted = values.number_of_components ?? Infinity;
  const param = values.source_for_centers === null ? 'cluster_source' : 'source_for_centers';
  // of a fit that is named for its own sake, all maps
  const chosen = param === 'cluster_source' ? values : null;
  const sameChoice = !isWord(name) || (values.comp_list === null && values.number_of_components !== null);
  const isSame = param === 'cluster_source' && sameChoice;
  const { rows, factors, shape } = isSame ? clustered : rowsOf(input, name, param, wanted, chosen, job);
  if (!factors) return { rows, channels: elementCount(shape) };
  return { rows, factors, channels: factors.length / rows.features };
}

function rowsOf(
  input: RunInput,
  name: string,
  param: 'cluster_source' | 'source_for_centers',
  wanted: number | readonly number[] | null,
  peaks: PeakChoice | null,
  job: Job,
): SourceRows {
  if (name === 'signal') return { rows: input.data, shape: input.signalShape };
  if (name === 'decomposition' || name === 'bss') return componentRows(input, name, param, wanted, job);
  const array = input.inputs[param];
  const samples = elementCount(input.navigationShape);
  if (!array) throw new Error(`${param} ${name} was not loaded`);
  const { shape, data } = array;
  const leading = input.navigationShape.length;
  const same = input.navigationShape.every((size, axis) => shape[axis] === size);
  const cols = data.length / samples;
  if (!(same || shape[0] === samples) || !Number.isInteger(cols) || cols < 1) {
    throw new EigenscopeError(
      'shape-mismatch',
      `${param} has shape (${shape.join(', ')}); the pixels of the data, (${input.navigationShape.join(', ')}), must come ` +
        'first in it. Check which of its axes are navigation axes.',
      { found: shape.join(' × '), expected: input.navigationShape.join(' × ') },
    );
  }
  const signal = same ? shape.slice(leading) : shape.slice(1);
  if (peaks !== null && array.peaks !== undefined) {
    const maps = choosePeakMaps(data, samples, array.peaks, peaks);
    return { rows: sharedRows(maps.data, samples, maps.columns, job), shape: [maps.columns] };
  }
  if (peaks !== null) refusePeakChoice(peaks, param);
  return { rows: sharedRows(data, samples, cols, job), shape: signal.length > 0 ? signal : [cols] };
}

const parts = {
  decomposition: { operation: 'decomposition', loadings: 'loadings', factors: 'factors' },
  bss: { operation: 'separation', loadings: 'bss_loadings', factors: 'bss_factors' },
} as const;

/** The first components of the nearest decomposition or separation that the step comes from. */
function componentRows(
  input: RunInput,
  word: 'decomposition' | 'bss',
  param: string,
  wanted: number | readonly number[] | null,
  job: Job,
): SourceRows {
  const { operation, loadings: loadingsName, factors: factorsName } = parts[word];
  let from: ParentResult | undefined = input.parent;
  while (from && from.arrays[loadingsName]?.dtype !== 'float64') from = from.parent;
  const loadings = from?.arrays[loadingsName];
  const factors = from?.arrays[factorsName];
  if (!from || loadings?.dtype !== 'float64' || factors?.dtype !== 'float64') {
    throw new EigenscopeError(
      'bad-request',
      `${param} is ${word}, but the step is not applied to a ${operation}. Run a ${operation} first and apply the step to it.`,
      { needed: loadingsName },
    );
  }
  const available = loadings.shape[1] ?? 1;
  const significant = word === 'decomposition' ? from.scalars['number_significant_components'] : available;
  if (wanted === null && typeof significant !== 'number') {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `number_of_components must be given: this decomposition does not tell how many of its ${available} components are significant.`,
      { parameter: 'number_of_components', available },
    );
  }
  const count = typeof wanted === 'number' ? wanted : (significant as number);
  if (!Array.isArray(wanted) && count !== Infinity && count > available) {
    throw new EigenscopeError(
      'parameter-out-of-range',
      `number_of_components must be from 1 to ${available}, the components there are; got ${count}.`,
      { parameter: 'number_of_components', available },
    );
  }
  const first = Array.isArray(wanted)
    ? chosenComponents(wanted, available, 'comp_list')
    : Array.from({ length: Math.min(count, available) }, (_, i) => i);
  const samples = loadings.shape[0]!;
  const rows = sharedRows(pickColumns(loadings, first), samples, first.length, job);
  return { rows, factors: pickColumns(factors, first), shape: [first.length] };
}

function sharedRows(data: Float64Array, samples: number, features: number, job: Job): RowSource {
  const { buffer } = shareFloats(job, data);
  return { kind: 'shared', buffer, dtype: 'float64', samples, features };
}
