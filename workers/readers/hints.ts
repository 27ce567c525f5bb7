import type { Axis } from '../model/axes.ts';
import { plainAxis } from '../model/axes.ts';
import { elementCount } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import type { ReadHints } from './reader.ts';

/** An array without axes of its own, as a person says it is: navigation first, then signal. */
export interface ArrayArrangement {
  shape: number[];
  axes: Axis[];
}

const print = (shape: readonly number[]): string => (shape.length === 0 ? 'nothing' : shape.join(' × '));

/** Navigation axes from the fastest on: x, y, z; then by number. */
export const navigationName = (fromFastest: number): string => ['x', 'y', 'z'][fromFastest] ?? `axis ${fromFastest}`;

const signalNames = (count: number, alone: boolean): string[] => {
  if (count === 1) return ['channel'];
  const names = Array.from({ length: count }, (_, i) => navigationName(count - 1 - i));
  return alone ? names : names.map((name) => `signal ${name}`);
};

const badShape = (name: string, sentence: string): EigenscopeError =>
  new EigenscopeError('shape-mismatch', `${name}: ${sentence}`);

/** The part of a shape that was not told, given the part that was: the file's own axes where they fit, else one axis. */
function remainder(
  name: string,
  shape: readonly number[],
  told: readonly number[],
  side: 'navigation' | 'signal',
): readonly number[] {
  const total = elementCount(shape);
  const part = elementCount(told);
  const cut = side === 'navigation' ? told.length : shape.length - told.length;
  const own = side === 'navigation' ? shape.slice(0, cut) : shape.slice(cut);
  if (cut >= 0 && own.length === told.length && told.every((size, i) => size === own[i])) {
    return side === 'navigation' ? shape.slice(cut) : shape.slice(0, cut);
  }
  if (total % part !== 0) {
    throw badShape(
      name,
      `a ${side} shape of ${print(told)} does not divide the ${total} values of the file (shape ${print(shape)}). Give a shape whose product divides it.`,
    );
  }
  return part === total ? [] : [total / part];
}

/**
 * Which axes are navigation and which are signal. Without hints the last axis is the signal and the others are
 * navigation; a navigation or signal shape re-shapes the array (C order) when the product is the same.
 * @throws EigenscopeError `shape-mismatch` when the shapes do not fit the number of values
 */
export function arrangeByHints(name: string, shape: readonly number[], hints: ReadHints): ArrayArrangement {
  const sizes = [...(hints.navigationShape ?? []), ...(hints.signalShape ?? [])];
  if (sizes.some((size) => !(Number.isSafeInteger(size) && size > 0))) {
    throw badShape(name, `every size of a shape must be a whole number of at least 1; got ${sizes.join(', ')}.`);
  }
  let navigation = hints.navigationShape;
  let signal = hints.signalShape;
  if (navigation === undefined && signal === undefined) {
    navigation = shape.slice(0, -1);
    signal = shape.slice(-1);
  } else {
    navigation ??= remainder(name, shape, signal!, 'signal');
    signal ??= remainder(name, shape, navigation, 'navigation');
  }
  const product = elementCount(navigation) * elementCount(signal);
  if (product !== elementCount(shape)) {
    throw badShape(
      name,
      `navigation ${print(navigation)} and signal ${print(signal)} make ${product} values, but the file holds ${elementCount(shape)} (shape ${print(shape)}). Change the shapes so that their product fits.`,
    );
  }
  const names = signalNames(signal.length, navigation.length === 0);
  const axes = [
    ...navigation.map((size, i) => plainAxis(navigationName(navigation.length - 1 - i), size, true)),
    ...signal.map((size, i) => plainAxis(names[i]!, size, false)),
  ];
  return { shape: [...navigation, ...signal], axes };
}

/**
 * Axes with the name, unit, scale and offset that a person gave; a list shorter than the axes is for the last of them,
 * so that `[{ name: 'energy', … }]` calibrates the signal axis alone.
 * @throws EigenscopeError `shape-mismatch` for more descriptions than axes; `parameter-out-of-range` for a scale of 0
 */
export function calibrateByHints(name: string, axes: readonly Axis[], hints: ReadHints): Axis[] {
  const told = hints.axes ?? [];
  if (told.length > axes.length) {
    throw badShape(
      name,
      `${told.length} axes are described, but the data have ${axes.length}. Leave out what is too much.`,
    );
  }
  const skip = axes.length - told.length;
  return axes.map((axis, i) => {
    const hint = told[i - skip];
    if (hint === undefined) return axis;
    const scale = hint.scale ?? axis.scale;
    const offset = hint.offset ?? axis.offset;
    if (!Number.isFinite(scale) || scale === 0 || !Number.isFinite(offset)) {
      throw new EigenscopeError(
        'parameter-out-of-range',
        `${name}: the scale of an axis must be a number other than 0 and its offset a number; got ${scale} and ${offset}.`,
      );
    }
    const { values, ...rest } = axis;
    const retold = hint.scale !== undefined || hint.offset !== undefined;
    return {
      ...rest,
      ...(values !== undefined && !retold ? { values } : {}),
      name: hint.name ?? axis.name,
      units: hint.units ?? axis.units,
      scale,
      offset,
    };
  });
}
