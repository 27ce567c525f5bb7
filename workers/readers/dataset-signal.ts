import type { DType } from '../model/dtype.ts';
import type { Metadata, SignalHeader } from '../model/signal.ts';

/** A plain array of a file that knows groups and attributes: what its `units` and `long_name` say, nothing more. */
export function datasetSignal(
  title: string,
  dtype: DType,
  { axes, layout }: Pick<SignalHeader, 'axes' | 'layout'>,
  { units, longName }: { units: unknown; longName: unknown },
  originalMetadata: Metadata,
  warnings: readonly string[],
): SignalHeader {
  return {
    title,
    signalType: '',
    shape: axes.map((axis) => axis.size),
    dtype,
    axes,
    quantity: {
      name: typeof longName === 'string' && longName ? longName : 'Intensity',
      units: typeof units === 'string' && units ? units : null,
    },
    metadata: { General: { title } },
    originalMetadata,
    layout,
    warnings,
  };
}
