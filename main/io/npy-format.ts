import { isDType, itemSize, type DType } from '../../workers/model/dtype.ts';
import { EigenscopeError } from '../../workers/model/errors.ts';
import { numpyDescriptor } from '../../workers/model/numpy-dtype.ts';
import { npyMagic } from '../../workers/readers/numpy-format.ts';

/** What an array of a .npy file is: an element type of ours, or Unicode text of so many code points. */
export type NpyType = DType | { text: number };

/** Bytes of one element in the file. */
export const npyItemSize = (type: NpyType): number => (typeof type === 'object' ? 4 * type.text : itemSize(type));

function descriptor(type: NpyType): string {
  if (typeof type === 'object') return `'<U${type.text}'`;
  if (!isDType(type)) throw new EigenscopeError('bad-request', `NumPy has no type for ${type}.`, { dtype: type });
  const found = numpyDescriptor(type);
  if (typeof found === 'string') return `'${found}'`;
  return `[${found.map(([name, part]) => `('${name}', '${part}')`).join(', ')}]`;
}

/**
 * Header of a .npy file, version 1.0 (2.0 when it would not fit): C order, little-endian, padded so that the elements
 * begin at a multiple of 64 bytes.
 * @param least padded to at least so many bytes, a multiple of 64 up to 65536
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npyHeader(type: NpyType, shape: readonly number[], least = 0): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': ${descriptor(type)}, 'fortran_order': False, 'shape': (${sizes}), }`;
  const prefix = text.length + 64 > 65_535 ? 12 : 10;
  const total = Math.max(least, Math.ceil((prefix + text.length + 1) / 64) * 64);
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set([...npyMagic, prefix === 12 ? 2 : 1, 0]);
  const view = new DataView(bytes.buffer);
  if (prefix === 12) view.setUint32(8, total - prefix, true);
  else view.setUint16(8, total - prefix, true);
  bytes.set(new TextEncoder().encode(text), prefix);
  bytes[total - 1] = 0x0a;
  return bytes;
}
