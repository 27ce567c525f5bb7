import type { DType } from '../model/dtype.ts';
import { itemSize } from '../model/dtype.ts';
import { EigenscopeError } from '../model/errors.ts';
import { createDecoder } from '../passes/decode.ts';
import type { Elements } from './pixel-source.ts';

/** The plain numbers that an element is made of: a complex number is two floats, a colour three or four integers. */
export interface Components {
  dtype: DType;
  count: number;
}

export function componentsOf(dtype: DType): Components {
  switch (dtype) {
    case 'complex64':
      return { dtype: 'float32', count: 2 };
    case 'complex128':
      return { dtype: 'float64', count: 2 };
    case 'rgb8':
      return { dtype: 'uint8', count: 3 };
    case 'rgba8':
      return { dtype: 'uint8', count: 4 };
    case 'rgb16':
      return { dtype: 'uint16', count: 3 };
    case 'rgba16':
      return { dtype: 'uint16', count: 4 };
    default:
      return { dtype, count: 1 };
  }
}

/**
 * `count` elements of this type over memory that holds them in native byte order; see `Elements` for what each type
 * becomes. `byteOffset` is a multiple of the size of a component.
 */
export function elementsOver(buffer: ArrayBufferLike, byteOffset: number, count: number, dtype: DType): Elements {
  const part = componentsOf(dtype);
  const length = count * part.count;
  switch (part.dtype) {
    case 'int8':
      return new Int8Array(buffer, byteOffset, length);
    case 'int16':
      return new Int16Array(buffer, byteOffset, length);
    case 'uint16':
    case 'float16':
      return new Uint16Array(buffer, byteOffset, length);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, length);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, length);
    case 'uint64':
      return new BigUint64Array(buffer, byteOffset, length);
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return new Float64Array(buffer, byteOffset, length);
    default:
      return new Uint8Array(buffer, byteOffset, length);
  }
}

/**
 * The components of elements as float64, in their order: complex numbers give re, im, re, im …; bool gives 0 or 1;
 * 64-bit integers beyond 2^53 are rounded to the nearest double.
 */
export function componentsToFloat64(elements: Elements, dtype: DType): Float64Array {
  if (elements instanceof Float64Array) return elements;
  const part = componentsOf(dtype);
  const size = itemSize(part.dtype);
  const out = new Float64Array(elements.length);
  // a decoder looks at a whole buffer, whose length must then be a multiple of the element
  const whole = elements.byteOffset % size === 0 && elements.buffer.byteLength % size === 0;
  const view = whole ? elements : elements.slice();
  createDecoder(view.buffer, part.dtype)(view.byteOffset / size, elements.length, out, 0);
  return out;
}

/**
 * Real elements as float64, same order; the array itself when it is float64 already.
 * @throws EigenscopeError `unsupported-format` for complex numbers and colours
 */
export function toFloat64(elements: Elements, dtype: DType): Float64Array {
  if (componentsOf(dtype).count > 1) {
    throw new EigenscopeError(
      'unsupported-format',
      `The data are ${dtype}; real numbers are needed. Convert them to amplitude, phase or one colour first.`,
      { dtype },
    );
  }
  return componentsToFloat64(elements, dtype);
}
