import { describe, expect, it } from 'vitest';
import { numpyDescriptor, readNumpyColour, readNumpyType } from './numpy-dtype.ts';

/* As NumPy 1.24 says them: np.dtype(name).str, and .descr of records. */
describe('element types in NumPy’s words', () => {
  it.each([
    ['bool', '|b1'],
    ['int8', '|i1'],
    ['uint16', '<u2'],
    ['float64', '<f8'],
    ['complex128', '<c16'],
  ] as const)('%s is %s, and back', (dtype, descriptor) => {
    expect(numpyDescriptor(dtype)).toBe(descriptor);
    expect(readNumpyType(descriptor)).toEqual({ dtype, littleEndian: true });
    expect(readNumpyType(descriptor.replace(/[<|]/, '>'))).toEqual({ dtype, littleEndian: false });
  });

  it.each([
    ['rgb8', ['R', 'G', 'B'], '|u1'],
    ['rgba16', ['R', 'G', 'B', 'A'], '<u2'],
  ] as const)('%s is a record of its parts, and back', (dtype, names, part) => {
    const fields = names.map((name) => [name, part]);
    expect(numpyDescriptor(dtype)).toEqual(fields);
    expect(readNumpyColour(fields)).toEqual({ dtype, littleEndian: true });
  });

  it.each(['O', '<U4', 'f4x', '<f16', '', '<>f4', 'float32', 'constructor'])('%s is no number', (descriptor) => {
    expect(readNumpyType(descriptor)).toBeNull();
  });

  it('records are colours only by all of their names and one type', () => {
    const of = (...fields: [string, string][]) => readNumpyColour(fields);
    expect(of(['R', '|u1'], ['G', '|u1'])).toBeNull();
    expect(of(['RGB', '|u1'])).toBeNull();
    expect(of(['R', '|u1'], ['G', '|u1'], ['B', '<u2'])).toBeNull();
    expect(of(['R', '<f4'], ['G', '<f4'], ['B', '<f4'])).toBeNull();
    expect(readNumpyColour(['R', null, 3])).toBeNull();
    expect(of(['R', '>u2'], ['G', '>u2'], ['B', '>u2'])).toEqual({ dtype: 'rgb16', littleEndian: false });
  });
});
