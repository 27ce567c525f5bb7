import { basename } from 'node:path';
import type { DType } from '../../model/dtype.ts';
import { isDType, itemSize } from '../../model/dtype.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import { componentsOf } from '../elements.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt } from '../file-bytes.ts';
import { contiguousStrides } from '../permute.ts';
import type { PixelSource } from '../pixel-source.ts';
import { checkBlock, readThrough } from '../read-block.ts';
import type { TiffFile } from './ifd.ts';
import { openTiff, readDirectory } from './ifd.ts';
import type { Page } from './page.ts';
import { describePage } from './page.ts';
import { openStoredBlocks } from './stored-blocks.ts';
import { photometric } from './tags.ts';

/** The first page of a TIFF whose pixels are numbers or colours. */
export interface FirstPicture {
  tiff: TiffFile;
  page: Page;
  /** of a pixel: `rgb8`, `rgba16` … where samples make a colour */
  dtype: DType;
}

function dtypeOf(path: string, page: Page): DType {
  const { samples, dtype, compression } = page;
  if (samples === 1) return dtype;
  const isColour =
    page.photometric === photometric.rgb || (page.photometric === photometric.yCbCr && compression === 7);
  const colour = `${samples === 4 ? 'rgba' : 'rgb'}${dtype === 'uint8' ? 8 : 16}`;
  if (isColour && (samples === 3 || samples === 4) && /^uint(8|16)$/.test(dtype) && isDType(colour)) return colour;
  throw new EigenscopeError(
    'unsupported-format',
    `${basename(path)} holds a picture of ${samples} numbers (${dtype}) per pixel, which cannot be read. Export it as a grey or colour picture.`,
    { path },
  );
}

/**
 * What the first page of a TIFF is, without its pixels; every size is checked against the file.
 * @throws EigenscopeError `corrupt-file`, `truncated-file`; `unsupported-format` for types and compressions that cannot be read
 */
export function describeFirstPicture(file: FileBytes): FirstPicture {
  const tiff = openTiff(file);
  const page = describePage(tiff, readDirectory(tiff, tiff.first));
  const dtype = dtypeOf(file.path, page);
  checkedBytes(file.path, [page.height, page.width], dtype);
  return { tiff, page, dtype };
}

/**
 * Blocks of rows and columns of the picture, unpacked as they are asked for.
 * @throws EigenscopeError `corrupt-file` when the picture has another size than `signal`; `truncated-file`
 */
export function openFirstPicture({ tiff, page, dtype }: FirstPicture, signal: SignalHeader): PixelSource {
  const [height, width] = signal.shape;
  if (page.height !== height || page.width !== width || dtype !== signal.dtype) {
    throw corrupt(tiff.file.path, `a picture is ${page.width} × ${page.height}`, `${width} × ${height} were expected`);
  }
  const part = componentsOf(dtype);
  const samples = page.samples;
  const numberBytes = samples > 1 ? itemSize(part.dtype) : itemSize(dtype);
  const blocks = openStoredBlocks({ open: () => ({ tiff, page }), close() {} }, [], new Uint8Array(numberBytes));
  const readInto: PixelSource['readInto'] = (target, start, count) => {
    checkBlock(signal, start, count);
    if (target.length === 0) return;
    const many = [...count, samples];
    blocks.copy([...start, 0], many, { bytes: target, strides: contiguousStrides(many), offset: 0 });
  };
  return { readInto, read: readThrough(signal, readInto), close: () => blocks.close() };
}
