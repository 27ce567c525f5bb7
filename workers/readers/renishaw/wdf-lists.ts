import type { FileBytes } from '../file-bytes.ts';
import { corrupt, decodeText } from '../file-bytes.ts';
import type { WdfBlock } from './wdf-blocks.ts';
import { readBlock } from './wdf-blocks.ts';
import type { WdfHead } from './wdf-head.ts';

/** The x axis of all spectra. */
export interface WdfAxis {
  type: number;
  unit: number;
  values: Float32Array;
}

/** One number per spectrum (where, when …), or ticks of time. Length: recorded spectra. */
export interface WdfOrigin {
  type: number;
  unit: number;
  label: string;
  /** the quantity that the measurement stepped through */
  isPrimary: boolean;
  values: Float64Array;
}

/** The grid of a map as it was asked for. */
export interface WdfMap {
  flags: number;
  location: readonly [x: number, y: number, z: number];
  step: readonly [x: number, y: number, z: number];
  length: readonly [x: number, y: number, z: number];
  lineFocus: number;
}

/** Bits of the flags of a map. */
export const mapFlags = { random: 1, columnMajor: 2, alternating: 4, lineFocus: 8, line: 128 } as const;

/** @throws EigenscopeError `corrupt-file` when the list has not one value per channel */
export function readAxis(file: FileBytes, block: WdfBlock, points: number): WdfAxis {
  if (block.size < 8 + 4 * points) {
    throw corrupt(
      file.path,
      `its x axis has ${Math.floor((block.size - 8) / 4)} values`,
      `${points} were expected, one per channel`,
    );
  }
  const view = readBlock(file, block, 8 + 4 * points);
  const values = Float32Array.from({ length: points }, (_, i) => view.getFloat32(8 + 4 * i, true));
  return { type: view.getUint32(0, true), unit: view.getUint32(4, true), values };
}

/** Ticks of 100 ns since 1601 are whole numbers; everything else is a double. Times come as seconds since the first. */
export function readOrigins(file: FileBytes, block: WdfBlock, head: WdfHead): WdfOrigin[] {
  const stride = 24 + 8 * head.capacity;
  if (head.origins > 64 || 4 + head.origins * stride > block.size) {
    throw corrupt(
      file.path,
      `its list of positions has ${block.size} bytes`,
      `${head.origins} lists of ${head.capacity} numbers were expected`,
    );
  }
  const origins: WdfOrigin[] = [];
  const labels = new Uint8Array(16);
  for (let i = 0; i < head.origins; i++) {
    const at = block.position + 4 + i * stride;
    const view = file.view(at, 24);
    const code = view.getUint32(0, true);
    const unit = view.getUint32(4, true);
    file.readInto(labels, at + 8);
    const end = labels.indexOf(0);
    const bytes = new Uint8Array(8 * head.collected);
    file.readInto(bytes, at + 24);
    const isTicks = unit === 24;
    let values = new Float64Array(bytes.buffer);
    if (isTicks) {
      const ticks = new BigUint64Array(bytes.buffer);
      const first = ticks[0] ?? 0n;
      values = Float64Array.from(ticks, (tick) => Number(tick - first) / 1e7);
    }
    origins.push({
      type: code & 0x7fffffff,
      unit: isTicks ? 12 : unit,
      label: decodeText(end < 0 ? labels : labels.subarray(0, end)).trim(),
      isPrimary: code >>> 31 === 1,
      values,
    });
  }
  return origins;
}

export function readMap(file: FileBytes, block: WdfBlock): WdfMap {
  if (block.size < 48) throw corrupt(file.path, `its map area has ${block.size} bytes`, '48 were expected');
  const view = readBlock(file, block, 48);
  const three = (at: number, read: (at: number) => number): [number, number, number] => [
    read(at),
    read(at + 4),
    read(at + 8),
  ];
  return {
    flags: view.getUint32(0, true),
    location: three(8, (at) => view.getFloat32(at, true)),
    step: three(20, (at) => view.getFloat32(at, true)),
    length: three(32, (at) => view.getUint32(at, true)),
    lineFocus: view.getUint32(44, true),
  };
}
