/** Element types by NumPy's names; `rgb8` and its kin are colour pixels, counted as one element. */
export type DType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128'
  | 'rgb8'
  | 'rgba8'
  | 'rgb16'
  | 'rgba16';

const itemSizes: Readonly<Record<DType, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
  rgb8: 3,
  rgba8: 4,
  rgb16: 6,
  rgba16: 8,
};

/** Bytes of one element. */
export const itemSize = (dtype: DType): number => itemSizes[dtype];

export const isDType = (name: string): name is DType => Object.hasOwn(itemSizes, name);
export const isColour = (dtype: DType): boolean => dtype.startsWith('rgb');
export const isComplex = (dtype: DType): boolean => dtype.startsWith('complex');
export const isFloating = (dtype: DType): boolean => dtype.startsWith('float');

/** Number of elements of an array of this shape (1 for a scalar). */
export const elementCount = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);
