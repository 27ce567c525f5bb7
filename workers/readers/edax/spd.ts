import { parse, win32 } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import type { DType } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { beside, companion } from '../companion.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, latin1, truncated, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import type { IprHeader } from './ipr.ts';
import { readIpr } from './ipr.ts';
import type { SpcHeader } from './spc-header.ts';
import { readSpcHeader } from './spc-header.ts';
import { edsMetadata, spcOriginal } from './spc-metadata.ts';
import { energyAxis } from './spc.ts';

interface SpdHeader {
  littleEndian: boolean;
  version: number;
  spectra: number;
  points: number;
  lines: number;
  channels: number;
  countBytes: number;
  dataOffset: number;
  frames: number;
  imageName: string;
}

const headerBytes = 168;
const countTypes: Readonly<Record<number, DType>> = { 1: 'uint8', 2: 'uint16', 4: 'uint32' };

function readSpdHeader(file: FileBytes): SpdHeader {
  const bytes = new Uint8Array(headerBytes);
  file.readInto(bytes, 0);
  const view = new DataView(bytes.buffer);
  if (!latin1(bytes.subarray(0, 10)).startsWith('MAPSPECTR')) {
    throw corrupt(file.path, 'it does not begin with MAPSPECTRUM_DATA', 'every EDAX map does');
  }
  const littleEndian = countTypes[view.getUint32(36, true)] !== undefined;
  const word = (at: number): number => view.getUint32(at, littleEndian);
  const name = bytes.subarray(48);
  const end = name.indexOf(0);
  return {
    littleEndian,
    version: word(16),
    spectra: word(20),
    points: word(24),
    lines: word(28),
    channels: word(32),
    countBytes: word(36),
    dataOffset: word(40),
    frames: word(44),
    imageName: latin1(end < 0 ? name : name.subarray(0, end)).trim(),
  };
}

/** The header of the spectrum of the same name; a damaged one is told about, the map can be read without it. */
function besideSpc(path: string, warnings: string[]): SpcHeader | null {
  const found = companion(path, ['spc']);
  if (found === null) {
    warnings.push(`${parse(path).name}.spc is not beside the map: its energies are not known.`);
    return null;
  }
  return orWarn(warnings, () => withFile(found, readSpcHeader));
}

/** Pixel sizes from the picture that the map names (never a path of its own), or of the same name. */
function besideIpr(path: string, imageName: string, warnings: string[]): IprHeader | null {
  const { name } = parse(path);
  const named = win32.parse(imageName).name;
  const found = [`${named}.ipr`, `${name}_Img.ipr`, `${name}.ipr`]
    .map((candidate) => (candidate === '.ipr' ? null : beside(path, candidate)))
    .find((candidate) => candidate !== null);
  const ipr = found === undefined ? null : orWarn(warnings, () => readIpr(found));
  if (ipr === null) warnings.push(`No usable .ipr is beside the map: its pixel size is not known.`);
  return ipr;
}

function orWarn<T>(warnings: string[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EigenscopeError)) throw error;
    warnings.push(error.message);
    return null;
  }
}

function pixelAxis(name: string, size: number, perPixel: number | undefined): Axis {
  return { name, units: perPixel === undefined ? null : 'µm', size, navigate: true, scale: perPixel ?? 1, offset: 0 };
}

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    const spd = readSpdHeader(file);
    const dtype = countTypes[spd.countBytes];
    if (dtype === undefined) {
      throw corrupt(path, `its counts have ${spd.countBytes} bytes`, '1, 2 or 4 were expected');
    }
    const shape = [spd.lines, spd.points, spd.channels];
    const needed = spd.dataOffset + checkedBytes(path, shape, dtype);
    if (spd.dataOffset < headerBytes) {
      throw corrupt(
        path,
        `its data begin at byte ${spd.dataOffset}`,
        `a place after the ${headerBytes} bytes of its header was expected`,
      );
    }
    if (needed > file.size) throw truncated(path, needed, file.size);
    const warnings: string[] = [];
    const spc = besideSpc(path, warnings);
    const ipr = besideIpr(path, spd.imageName, warnings);
    const title = 'EDS Spectrum Image';
    const axes = [
      pixelAxis('y', spd.lines, ipr?.perPixelY),
      pixelAxis('x', spd.points, ipr?.perPixelX),
      spc === null
        ? // channels are counted from 1
          { name: 'Energy', units: null, size: spd.channels, navigate: false, scale: 1, offset: 1 }
        : energyAxis(spd.channels, spc.perChannel, spc.start),
    ];
    const { littleEndian, ...original } = spd;
    const originalMetadata: Metadata = {
      spd_header: { ...original },
      ...(spc === null ? {} : { spc_header: spcOriginal(spc) }),
      ...(ipr === null ? {} : { ipr_header: { ...ipr } }),
    };
    return {
      format: 'edax-spd',
      signals: [
        {
          title,
          signalType: 'EDS_SEM',
          shape,
          dtype,
          axes: calibrateByHints(file.name, axes, hints),
          quantity: { name: 'Counts', units: null },
          metadata: edsMetadata(title, file.name, spc),
          originalMetadata,
          layout: {
            kind: 'raw',
            path,
            offset: spd.dataOffset,
            littleEndian,
            storedShape: shape,
            stamp: file.stamp(),
          },
          warnings,
        },
      ],
    };
  });
}

/** EDAX TEAM/Genesis: a spectrum image, with its calibration in files beside it. */
export const edaxSpdReader: Reader = {
  id: 'edax-spd',
  title: 'EDAX spectrum image (SPD)',
  extensions: ['spd'],
  probe: (head) => (latin1(head.subarray(0, 10)).startsWith('MAPSPECTR') ? 1 : 0),
  header: async (path, hints) => readHeader(path, hints),
};
