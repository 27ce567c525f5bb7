import type { ResultKind } from '../../workers/model/result.ts';
import { signalFormats } from './signal-formats.ts';

const tables = ['csv'] as const;
/** One map per component, or the labels of clusters. */
const maps = ['tif', 'png'] as const;

/** All extensions of all formats of signals, the usual format first. */
export const dataExtensions = (): string[] => signalFormats.flatMap(({ extensions }) => [...extensions]);

/** What a result of each kind is written as, by extension without the dot, the usual one first. */
export function resultExtensions(kind: ResultKind): readonly string[] {
  switch (kind) {
    case 'decomposition':
    case 'blind_source_separation':
    case 'cluster_analysis':
      return ['npz', 'hspy', 'zspy', ...tables, ...maps];
    case 'mask':
      return ['npz', ...maps];
    case 'model':
      // a signal of its own
      return dataExtensions();
    default:
      return ['npz'];
  }
}
