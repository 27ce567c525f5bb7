import { basename, parse } from 'node:path';
import type { Axis } from '../../model/axes.ts';
import { EigenscopeError } from '../../model/errors.ts';
import type { FileHeader, Metadata, SignalHeader } from '../../model/signal.ts';
import { checkedBytes } from '../array-size.ts';
import type { FileBytes } from '../file-bytes.ts';
import { corrupt, decodeText, latin1, truncated, withFile } from '../file-bytes.ts';
import { calibrateByHints } from '../hints.ts';
import type { Reader, ReadHints } from '../reader.ts';
import { whiteLightImage } from './white-light.ts';
import type { WdfBlock } from './wdf-blocks.ts';
import { listBlocks, readBlock } from './wdf-blocks.ts';
import { spectralName, unitName } from './wdf-codes.ts';
import type { WdfHead } from './wdf-head.ts';
import { readHead } from './wdf-head.ts';
import type { WdfAxis } from './wdf-lists.ts';
import { readAxis, readMap, readOrigins } from './wdf-lists.ts';
import { metadataOf } from './wdf-metadata.ts';
import { arrangeSpectra } from './wdf-navigation.ts';
import { parseProperties } from './wdf-properties.ts';

/** Property sets hold the script of the measurement and its settings; more is not one. */
const longestProperties = 16 * 2 ** 20;

/** The spectral axis, rising: WiRE stores spectra from high to low. */
function spectralAxis({ type, unit, values }: WdfAxis): { axis: Axis; reversed: boolean } {
  const size = values.length;
  const reversed = size > 1 && values[size - 1]! < values[0]!;
  const rising = Array.from(reversed ? values.toReversed() : values);
  const first = rising[0]!;
  const scale = size > 1 ? (rising[size - 1]! - first) / (size - 1) : 1;
  const isUsable = Number.isFinite(scale) && scale !== 0;
  return {
    axis: {
      name: spectralName(type, unit),
      units: type === 1 ? unitName(unit) || null : null,
      size,
      navigate: false,
      scale: isUsable ? scale : 1,
      offset: Number.isFinite(first) ? first : 0,
      ...(isUsable && rising.every(Number.isFinite) ? { values: rising } : {}),
    },
    reversed,
  };
}

function propertiesOf(file: FileBytes, blocks: readonly WdfBlock[]): Record<string, Metadata> {
  const found: Record<string, Metadata> = {};
  for (const block of blocks) {
    const isWhole = block.position + block.size <= file.size && block.size <= longestProperties;
    if (!/^(WX|ZLDC|WARP)/.test(block.id) || !isWhole || Object.hasOwn(found, block.id)) continue;
    const tree = parseProperties(readBlock(file, block));
    if (Object.keys(tree).length > 0) found[block.id] = tree;
  }
  return found;
}

function textOf(file: FileBytes, block: WdfBlock | undefined): Metadata {
  if (block === undefined || block.size > 2 ** 20 || block.position + block.size > file.size) return {};
  const view = readBlock(file, block);
  return { TEXT: decodeText(new Uint8Array(view.buffer)).replace(/\0+$/, '') };
}

const headOf = (head: WdfHead): Metadata => ({
  points_per_spectrum: head.points,
  capacity: head.capacity,
  collected: head.collected,
  accumulations: head.accumulations,
  measurement: head.measurement,
  units: unitName(head.units),
  laser_wavenumber: head.laserWavenumber,
  application: head.application,
  user: head.user,
  title: head.title,
});

function readHeader(path: string, hints: ReadHints): FileHeader {
  return withFile(path, (file) => {
    if (file.view(0, 4).getUint32(0, false) !== 0x57444631) {
      throw corrupt(path, 'it does not begin with WDF1', 'every WDF does');
    }
    const head = readHead(file);
    const blocks = listBlocks(file);
    const blockOf = (id: string): WdfBlock | undefined => blocks.find((block) => block.id === id);
    const data = blockOf('DATA');
    const xList = blockOf('XLST');
    if (data === undefined || xList === undefined) {
      const missing = data === undefined ? 'spectra (DATA)' : 'x axis (XLST)';
      throw corrupt(path, `it has no ${missing}`, 'every WDF has both');
    }
    if (head.ownAxes) {
      throw new EigenscopeError(
        'unsupported-format',
        `${file.name} has an x axis of its own for every spectrum, which cannot be read. Interpolate the spectra to one axis in WiRE and save them again.`,
        { path },
      );
    }
    const needed = checkedBytes(path, [head.collected, head.points], 'float32');
    if (needed > data.size) {
      throw corrupt(
        path,
        `its spectra take ${data.size} bytes`,
        `${needed} were expected (${head.collected} × ${head.points})`,
      );
    }
    if (data.position + needed > file.size) throw truncated(path, data.position + needed, file.size);

    const origins = blockOf('ORGN');
    const map = blockOf('WMAP');
    const arrangement = arrangeSpectra(
      path,
      head,
      origins === undefined ? [] : readOrigins(file, origins, head),
      map === undefined ? null : readMap(file, map),
      hints,
    );
    const { axis, reversed } = spectralAxis(readAxis(file, xList, head.points));
    const axes = [...arrangement.axes, axis];
    const unit = unitName(head.units) || null;
    const properties = propertiesOf(file, blocks);
    const spectra: SignalHeader = {
      title: head.title || parse(path).name,
      signalType: '',
      shape: axes.map(({ size }) => size),
      dtype: 'float32',
      axes: calibrateByHints(basename(path), axes, hints),
      quantity: { name: 'Intensity', units: unit },
      metadata: metadataOf(path, head, unit === null ? 'Intensity' : `Intensity (${unit})`, properties),
      originalMetadata: { WDF1: headOf(head), ...textOf(file, blockOf('TEXT')), ...properties },
      layout: {
        kind: 'coded',
        codec: 'renishaw',
        path,
        stamp: file.stamp(),
        about: {
          offset: data.position,
          points: head.points,
          reversed,
          runs: arrangement.runs.map((run) => [...run]),
        },
      },
      warnings: arrangement.warnings,
    };
    const picture = blockOf('WHTL');
    if (picture === undefined || picture.position + picture.size > file.size)
      return { format: 'renishaw', signals: [spectra] };
    const image = whiteLightImage(file, picture);
    return typeof image === 'string'
      ? { format: 'renishaw', signals: [{ ...spectra, warnings: [...spectra.warnings, image] }] }
      : { format: 'renishaw', signals: [spectra, image] };
  });
}

/** Renishaw WiRE: spectra, series, lines and maps of Raman and luminescence. */
export const renishawReader: Reader = {
  id: 'renishaw',
  title: 'Renishaw WiRE (WDF)',
  extensions: ['wdf'],
  probe: (head) => (latin1(head.subarray(0, 4)) === 'WDF1' ? 1 : 0),
  header: async (path, hints) => readHeader(path, hints),
};
