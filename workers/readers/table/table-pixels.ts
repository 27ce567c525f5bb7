import { elementCount } from '../../model/dtype.ts';
import type { SignalHeader } from '../../model/signal.ts';
import type { CodedLayout, OpenCoded } from '../codecs.ts';
import { openUnchanged } from '../file-bytes.ts';
import type { PixelSource } from '../pixel-source.ts';
import { openBytesPixels } from '../raw-pixels.ts';
import type { TablePlan } from './arrange.ts';
import type { Dialect } from './dialect.ts';
import { decodeTable } from './table-decode.ts';
import { openText } from './text-bytes.ts';

/**
 * The values of a large table: text is read from front to back, straight to where the values are wanted (`fill`), or
 * once into memory when blocks are asked for.
 * @throws EigenscopeError `corrupt-file`, `file-changed`, `truncated-file`
 */
export const openTablePixels: OpenCoded = (layout: CodedLayout, signal: SignalHeader): PixelSource => {
  const file = openUnchanged(layout.path, layout.stamp, layout.stamp.size);
  const dialect = layout.about['dialect'] as unknown as Dialect;
  const plan = layout.about['plan'] as unknown as TablePlan;
  const decode = (target: Float64Array, step?: (bytes: number) => void): void => {
    decodeTable(openText(file), dialect, plan, layout.path, target, step);
  };
  let held: PixelSource | null = null;
  const whole = (): PixelSource => {
    if (held === null) {
      const values = new Float64Array(elementCount(signal.shape));
      decode(values);
      held = openBytesPixels(new Uint8Array(values.buffer), signal);
    }
    return held;
  };
  return {
    read: (start, count) => whole().read(start, count),
    readInto: (target, start, count) => whole().readInto(target, start, count),
    // navigation comes first in every table that is read: the target is in the order of the signal
    async fill(target, _strides, step) {
      decode(new Float64Array(target.buffer, target.byteOffset, target.byteLength / 8), step);
    },
    close: () => file.close(),
  };
};
