import type { PixelLayout, SignalHeader } from '../../../model/signal.ts';
import type { ParamSet, ValuesOf } from '../../../specs/param.ts';
import type { PixelSource } from '../../../readers/pixel-source.ts';

/** What a step is given: a signal whose navigation axes come first, and the signals that its parameters name. */
export interface Given {
  signal: SignalHeader;
  inputs: Readonly<Record<string, readonly SignalHeader[]>>;
  /** all values of a small signal that a parameter names (a mask, a spectrum), flat in C order */
  valuesOf(signal: SignalHeader): Promise<Float64Array>;
}

/** A signal with its pixels, opened. */
export interface OpenSignal {
  signal: SignalHeader;
  pixels: PixelSource;
}

export interface OpenGiven extends OpenSignal {
  inputs: Readonly<Record<string, readonly OpenSignal[]>>;
  valuesOf: Given['valuesOf'];
}

/** What a step says of its outcome; what is left out stays as it was. */
export type Described = Partial<Omit<SignalHeader, 'layout' | 'originalMetadata'>>;

export type Measured = Readonly<Record<string, Float64Array>>;

/**
 * A preparation step: how a signal becomes another one. It is computed when it is read, block by block, so `open` must
 * give the same values whatever the blocks, and any block without computing all the others.
 */
export interface Preparation<V> {
  /**
   * Shape, axes and dtype of the outcome, navigation axes first; reads no pixels.
   * @throws EigenscopeError `parameter-out-of-range`, `shape-mismatch`, `unsupported-format` when the step does not fit
   */
  describe(given: Given, values: V): Described | Promise<Described>;
  /**
   * The outcome as another look at the same file, where that is possible: it is then read as fast as the file itself.
   * Null where it has to be computed.
   */
  relayout?(signal: SignalHeader, values: V): PixelLayout | null;
  /** What has to be known of all of the data beforehand: one pass, small arrays. `check` throws to stop. */
  measure?(given: OpenGiven, values: V, check: () => void): Promise<Measured> | Measured;
  /** Opens the outcome; the sources are closed by whoever opened them. */
  open(given: OpenGiven, to: SignalHeader, values: V, measured: Measured): Pick<PixelSource, 'readInto' | 'band'>;
}

/** The values of a step's parameters, from its description. */
export type StepValues<S extends { params: ParamSet }> = ValuesOf<S['params']>;
