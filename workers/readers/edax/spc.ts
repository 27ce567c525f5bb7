import { basename } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { truncated, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { readSpcHeader, spcByteOrder } from './spc-header.ts';
import { edsMetadata, spcOriginal } from './spc-metadata.ts';

/** The energy axis of a spectrum, keV. */
export const energyAxis = (size: number, perChannel: number, start: number): Axis => ({
  name: 'Energy',
  units: 'keV',
  size,
  navigate: false,
  scale: perChannel / 1000,
  offset: Number.isFinite(start) ? start : 0,
});

/** GRAMS and Thermo files have the same extension; their second byte is the version. */
const isGrams = (head: Uint8Array): boolean => [0x4b, 0x4c, 0x4d, 0xcf].includes(head[1] ?? 0);

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const start = file.view(0, Math.min(file.size, 4));
    if (isGrams(new Uint8Array(start.buffer, start.byteOffset, start.byteLength))) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} is a spectrum of GRAMS or Thermo Galactic, which has the extension of EDAX spectra but another format and cannot be read. Export it as .msa or text.`,
        { path },
      );
    }
    const spc = readSpcHeader(file);
    const shape = [spc.points];
    const needed = spc.dataOffset + checkedBytes(path, shape, 'uint32');
    if (needed > file.size) throw truncated(path, needed, file.size);
    const title = 'EDS Spectrum';
    return {
      format: 'edax-spc',
      signals: [
        {
          title,
          signalType: 'EDS_SEM',
          shape,
          dtype: 'uint32',
          axes: calibrateByHints(file.name, [energyAxis(spc.points, spc.perChannel, spc.start)], hints),
          quantity: { name: 'Counts', units: null },
          metadata: edsMetadata(title, basename(path), spc),
          originalMetadata: { spc_header: spcOriginal(spc) },
          layout: {
            kind: 'raw',
            path,
            offset: spc.dataOffset,
            littleEndian: spc.littleEndian,
            storedShape: shape,
            stamp: file.stamp(),
          },
          warnings: [],
        },
      ],
    };
  });
}

/** EDAX TEAM/Genesis: one spectrum. */
export const edaxSpcReader: Reader = {
  id: 'edax-spc',
  title: 'EDAX spectrum (SPC)',
  extensions: ['spc'],
  probe(head, path) {
    const order = spcByteOrder(new DataView(head.buffer, head.byteOffset, head.byteLength));
    if (order === null) return 0;
    return /\.spc$/i.test(path) ? 1 : 0.2;
  },
  header: async (path, hints) => readHeader(path, hints),
};
