import { EigenscopeError } from '../../../model/errors.ts';
import type { SignalHeader } from '../../../model/signal.ts';
import { axisIndexOf } from './axis-of.ts';

/** Computes a whole line from a whole line of the same length; neither is kept. */
export type LineFilter = (line: Float64Array, out: Float64Array) => void;

/** Lines of one signal axis within the flat signal of a pixel. */
export interface Lines {
  /** index of the axis in the array of the signal */
  axis: number;
  length: number;
  /** distance of neighbouring values of a line */
  stride: number;
  /** first value of every line */
  starts: readonly number[];
}

/**
 * The lines along a signal axis: the one that is asked for, else the only one.
 * @throws EigenscopeError `parameter-out-of-range` when there are several and none is named
 */
export function linesOf({ axes, shape }: SignalHeader, asked: string | number | null): Lines {
  const signal = axes.flatMap(({ navigate }, i) => (navigate ? [] : [i]));
  if (asked === null && signal.length !== 1) {
    const names = signal.map((i) => axes[i]!.name).join(', ');
    throw new EigenscopeError('parameter-out-of-range', `axis: there are several signal axes; say which of ${names}.`, {
      param: 'axis',
    });
  }
  const axis = asked === null ? signal[0]! : axisIndexOf(axes, asked, 'signal');
  const length = shape[axis]!;
  const inner = signal.filter((i) => i > axis).reduce((n, i) => n * shape[i]!, 1);
  const outer = signal.filter((i) => i < axis).reduce((n, i) => n * shape[i]!, 1);
  const starts = Array.from({ length: outer * inner }, (_, k) => Math.floor(k / inner) * inner * length + (k % inner));
  return { axis, length, stride: inner, starts };
}

/** Applies a filter to every line of a flat signal. */
export function filterLines(lines: Lines, filter: LineFilter): (input: Float64Array, output: Float64Array) => void {
  const { length, stride, starts } = lines;
  if (stride === 1) {
    return (input, output) => {
      for (const at of starts) filter(input.subarray(at, at + length), output.subarray(at, at + length));
    };
  }
  const line = new Float64Array(length);
  const made = new Float64Array(length);
  return (input, output) => {
    for (const at of starts) {
      for (let i = 0; i < length; i++) line[i] = input[at + i * stride]!;
      filter(line, made);
      for (let i = 0; i < length; i++) output[at + i * stride] = made[i]!;
    }
  };
}
