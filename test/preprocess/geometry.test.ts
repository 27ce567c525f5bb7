import { describe, expect, it } from 'vitest';
import { plainAxis } from '../../workers/model/axes.ts';
import { elementCount, type DType } from '../../workers/model/dtype.ts';
import type { Metadata, SignalHeader } from '../../workers/model/signal.ts';
import { loadCube } from '../../workers/readers/pixels.ts';
import { derived, readAll, readBlock, signalOf } from './signals.ts';

const navigation = (name: string, size: number) => ({ ...plainAxis(name, size, true), scale: 0.5, units: 'nm' });
const energy = (size: number) => ({ ...plainAxis('Energy', size, false), scale: 2, offset: 10, units: 'eV' });
const ramp = (shape: readonly number[], dtype: DType = 'float32'): SignalHeader => {
  const axes = shape.map((size, i) =>
    i === shape.length - 1 ? energy(size) : navigation(['z', 'y', 'x'][i + 4 - shape.length]!, size),
  );
  return signalOf(
    axes,
    dtype,
    Float64Array.from({ length: elementCount(shape) }, (_, i) => i),
  );
};

/** Every block must hold what the same place of the whole holds. */
async function expectBlocks(signal: SignalHeader): Promise<void> {
  const all = await readAll(signal);
  const strides = signal.shape.map((_, i) => elementCount(signal.shape.slice(i + 1)));
  for (const cut of [0, 1, 2]) {
    const start = signal.shape.map((n, i) => (i % 2 === cut % 2 ? Math.floor(n / 2) : 0));
    const count = signal.shape.map((n, i) => Math.max(1, cut === 2 ? 1 : n - start[i]!));
    const block = await readBlock(signal, start, count);
    const expected: number[] = [];
    const walk = (axis: number, at: number): void => {
      if (axis === count.length) return void expected.push(all[at]!);
      for (let i = 0; i < count[axis]!; i++) walk(axis + 1, at + (start[axis]! + i) * strides[axis]!);
    };
    walk(0, 0);
    expect(block).toEqual(expected);
  }
}

describe('rebin', () => {
  // numpy and HyperSpy 1.7.3 on arange(60).reshape(3, 20), scale 2 from 10
  it.each([
    [[1, 2], [1, 5, 9, 13], 11, 4],
    [[1, 3], [3, 12, 21, 30], 12, 6],
    [[1.5, 2.5], [28, 37, 46.75, 55.75], 11.5, 5],
  ] as const)('adds up bins of %j as HyperSpy does', async (scale, first, offset, step) => {
    const made = await derived('rebin', { scale: [...scale] }, ramp([3, 20], 'float64'));
    expect((await readAll(made)).slice(0, 4)).toEqual(first);
    expect(made.axes[1]).toMatchObject({ offset, scale: step });
    await expectBlocks(made);
  });

  it('loses no counts and keeps whole numbers whole', async () => {
    const source = ramp([4, 6, 8], 'uint8');
    const made = await derived('rebin', { scale: [2, 3, 4] }, source);
    expect(made).toMatchObject({ shape: [2, 2, 2], dtype: 'uint32' });
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    expect(sum(await readAll(made))).toBe(sum(await readAll(source)));
    await expectBlocks(made);
  });

  it('averages, says what is left out, and refuses what does not fit', async () => {
    const mean = await derived('rebin', { scale: [1, 3], average: true }, ramp([2, 8]));
    expect(await readAll(mean)).toEqual([1, 4, 9, 12]);
    expect(mean.warnings.join()).toMatch(/last of Energy/);
    await expect(derived('rebin', { scale: [1] }, ramp([2, 8]))).rejects.toThrow(/^scale: 2 numbers are needed/);
    await expect(derived('rebin', { scale: [3, 1] }, ramp([2, 8]))).rejects.toThrow(/from 1 to its 2/);
  });
});

describe('sum, mean and extremes over an axis', () => {
  const cases: [string, string, number[]][] = [
    ['y', 'sum', [6, 8, 10, 12, 14, 16]],
    ['Energy', 'mean', [1, 4, 7, 10]],
    ['x', 'max', [3, 4, 5, 9, 10, 11]],
    ['Energy', 'min', [0, 3, 6, 9]],
  ];
  it.each(cases)('over %s: %s', async (axis, name, expected) => {
    const made = await derived('reduce_axis', { axis, function: name }, ramp([2, 2, 3]));
    expect(await readAll(made)).toEqual(expected);
    await expectBlocks(made);
  });

  it('computes the standard deviation as NumPy does, without losing digits', async () => {
    const source = signalOf([energy(4)], 'float64', [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4]);
    await expect(derived('reduce_axis', { axis: 0, function: 'std' }, source)).rejects.toThrow(/only axis/);
    const two = signalOf([navigation('x', 4), energy(1)], 'float64', [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4]);
    const made = await derived('reduce_axis', { axis: 'x', function: 'std' }, two);
    expect((await readAll(made))[0]).toBeCloseTo(1.118033988749895, 9);
  });

  it('makes an image of what has no signal axis left', async () => {
    const made = await derived('reduce_axis', { axis: 'Energy' }, ramp([2, 3, 4], 'uint16'));
    expect(made.axes.map(({ name, navigate }) => [name, navigate])).toEqual([
      ['y', false],
      ['x', false],
    ]);
    expect(made.dtype).toBe('uint32');
  });
});

describe('exchanging axes', () => {
  it('reads spectra as images, and back again', async () => {
    const source = ramp([2, 3, 4]);
    const images = await derived('transpose', { signal_axes: [0, 1] }, source);
    expect(images).toMatchObject({ shape: [4, 2, 3] });
    expect(images.axes.map(({ navigate }) => navigate)).toEqual([true, false, false]);
    expect((await readAll(images)).slice(0, 6)).toEqual([0, 4, 8, 12, 16, 20]);
    await expectBlocks(images);
    const back = await derived('transpose', { signal_axes: [0] }, images);
    expect(await readAll(back)).toEqual(await readAll(source));
    await expect(derived('transpose', { signal_axes: [0, 0] }, source)).rejects.toThrow(/named twice/);
  });
});

describe('regions, masks and stacks', () => {
  it('cuts a box out of the map', async () => {
    const made = await derived('select_region', { start: [1, 0], end: [2, 2] }, ramp([2, 3, 2]));
    expect(await readAll(made)).toEqual([6, 7, 8, 9]);
    expect(made.axes[0]).toMatchObject({ offset: 0.5, size: 1 });
    await expect(derived('select_region', { start: [1], end: [2] }, ramp([2, 3, 2]))).rejects.toThrow(
      /^start: 2 whole numbers/,
    );
  });

  it('keeps the pixels that a mask leaves, in order', async () => {
    const source = ramp([2, 3, 2]);
    const mask = signalOf([navigation('y', 2), navigation('x', 3)], 'bool', [0, 1, 0, 0, 1, 1]);
    const made = await derived('select_pixels', { mask: 'm' }, source, { mask: [mask] });
    expect(made.shape).toEqual([3, 2]);
    expect(await readAll(made)).toEqual([0, 1, 4, 5, 6, 7]);
    expect((made.metadata['Preparation'] as Metadata)['pixels']).toEqual([0, 2, 3]);
    await expectBlocks(made);
    const all = signalOf([navigation('x', 6)], 'bool', [1, 1, 1, 1, 1, 1]);
    await expect(derived('select_pixels', { mask: 'm' }, source, { mask: [all] })).rejects.toThrow(
      /leaves out every pixel/,
    );
    const other = signalOf([navigation('x', 5)], 'bool', [1, 1, 1, 1, 1]);
    await expect(derived('select_pixels', { mask: 'm' }, source, { mask: [other] })).rejects.toThrow(
      /the map 6 pixels/,
    );
  });

  it('stacks along a new axis, and refuses another shape', async () => {
    const made = await derived('stack', { others: ['b'], axis_name: 'time' }, ramp([2, 2], 'uint8'), {
      others: [ramp([2, 2])],
    });
    expect(made).toMatchObject({ shape: [2, 2, 2], dtype: 'float64' });
    expect(made.axes[0]).toMatchObject({ name: 'time', navigate: true });
    expect(await readAll(made)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    await expectBlocks(made);
    await expect(derived('stack', { others: ['b'] }, ramp([2, 2]), { others: [ramp([2, 3])] })).rejects.toThrow(
      /2 × 3/,
    );
  });

  it('merges along an axis, whose values go on or are listed', async () => {
    const upper = ramp([2, 3]);
    const next = { ...upper, axes: [{ ...upper.axes[0]!, offset: 1 }, upper.axes[1]!] };
    const made = await derived('merge', { others: ['b'], axis: 0 }, upper, { others: [next] });
    expect(made.axes[0]).toMatchObject({ size: 4, scale: 0.5, offset: 0 });
    expect(made.axes[0]!.values).toBeUndefined();
    expect(await readAll(made)).toEqual([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
    await expectBlocks(made);
    const gap = { ...upper, axes: [upper.axes[0]!, { ...upper.axes[1]!, offset: 100 }] };
    const wide = await derived('merge', { others: ['b'], axis: 'Energy' }, upper, { others: [gap] });
    expect(wide.axes[1]!.values).toEqual([10, 12, 14, 100, 102, 104]);
    expect(await readAll(wide)).toEqual([0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]);
    await expectBlocks(wide);
  });
});

describe('types and parts', () => {
  it('rounds and cuts to what a type holds', async () => {
    const made = await derived(
      'change_dtype',
      { dtype: 'uint8' },
      signalOf([energy(5)], 'float64', [-3, 1.5, 2.5, 300, NaN]),
    );
    expect(await readAll(made)).toEqual([0, 2, 3, 255, 0]);
  });

  it('takes amplitude, phase and parts of complex numbers, and refuses colours of them', async () => {
    const source = signalOf([energy(2)], 'complex64', [3, 4, 0, -2]);
    expect(await readAll(await derived('complex_part', {}, source))).toEqual([5, 2]);
    expect(await readAll(await derived('complex_part', { part: 'imaginary' }, source))).toEqual([4, -2]);
    const [first, second] = await readAll(await derived('complex_part', { part: 'phase' }, source));
    expect(first).toBeCloseTo(0.9272952180016122, 6);
    expect(second).toBeCloseTo(-Math.PI / 2, 6);
    await expect(derived('complex_part', { part: 'red' }, source)).rejects.toThrow(/which has no red/);
    const colours = signalOf([energy(2)], 'rgb8', [10, 20, 30, 1, 2, 3]);
    expect(await readAll(await derived('complex_part', { part: 'blue' }, colours))).toEqual([30, 3]);
  });

  it('describes an axis anew and reads the same file', async () => {
    const made = await derived('set_axis', { axis: 1, name: 'Loss', scale: 0.1, offset: -5 }, ramp([2, 3]));
    expect(made.axes[1]).toMatchObject({ name: 'Loss', scale: 0.1, offset: -5, units: 'eV' });
    expect(made.layout.kind).toBe('bytes');
  });

  it('loads as it reads', async () => {
    const made = await derived('rebin', { scale: [2, 1, 2] }, ramp([4, 3, 6]));
    const buffer = new SharedArrayBuffer(2 * 3 * 3 * 4);
    await loadCube(made, buffer);
    expect(Array.from(new Float32Array(buffer))).toEqual(await readAll(made));
  });
});
