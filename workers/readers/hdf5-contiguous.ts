import { datasetMessages, hdf5Bytes, messageType, openBytes, undefinedAddress } from './hdf5-chunks/object-header.ts';
import type { Hdf5File } from './hdf5-open.ts';

/** Address of contiguous storage in a data layout message, or null for the other layouts. */
function contiguousAddress(layout: DataView): bigint | null {
  if (layout.byteLength < 10) return null;
  const version = layout.getUint8(0);
  if (version >= 3) return layout.getUint8(1) === 1 ? layout.getBigUint64(2, true) : null;
  return layout.getUint8(2) === 1 && layout.byteLength >= 16 ? layout.getBigUint64(8, true) : null;
}

/**
 * Where in the file the elements of a contiguous data set begin, or null when they are not one run of bytes
 * (chunked, compact, virtual, in other files, not yet written, beyond the end of the file).
 *
 * The layout stands in the object header (HDF5 file format specification, IV.A.2.i).
 */
export function contiguousOffset(file: Hdf5File, dataset: string, bytes: number): number | null {
  const opened = openBytes(file);
  try {
    const messages = datasetMessages(file, dataset, hdf5Bytes(opened, file.base));
    const layout = messages?.find(({ type }) => type === messageType.layout);
    const start = layout ? contiguousAddress(layout.data) : null;
    if (start === null || start === undefinedAddress) return null;
    const offset = file.base + Number(start);
    return Number.isSafeInteger(offset) && offset + bytes <= file.bytes ? offset : null;
  } finally {
    opened.close();
  }
}
