import type { FileBytes } from '../file-bytes.ts';
import { corrupt, decodeText } from '../file-bytes.ts';

/** What a measurement was: decides how its spectra are laid out. */
export type WdfMeasurement = 'unspecified' | 'single' | 'series' | 'map';

/** The first 512 bytes of a WDF file. */
export interface WdfHead {
  /** channels of a spectrum */
  points: number;
  /** spectra that were asked for: lists of positions have this length */
  capacity: number;
  /** spectra that were recorded */
  collected: number;
  accumulations: number;
  origins: number;
  /** each spectrum has an x axis of its own */
  ownAxes: boolean;
  measurement: WdfMeasurement;
  /** start of the measurement, in ticks of 100 ns since 1601; 0 unknown */
  startTicks: bigint;
  /** code of the unit of the values */
  units: number;
  /** of the laser, 1/cm; 0 unknown */
  laserWavenumber: number;
  application: string;
  user: string;
  title: string;
}

const measurements: readonly WdfMeasurement[] = ['unspecified', 'single', 'series', 'map'];
const headBytes = 512;

function textAt(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end)).trim();
}

/** @throws EigenscopeError `corrupt-file` when the counts are impossible, `truncated-file` */
export function readHead(file: FileBytes): WdfHead {
  const view = file.view(0, headBytes);
  const count = (at: number): number => Number(view.getBigUint64(at, true));
  const head: WdfHead = {
    points: view.getUint32(0x3c, true),
    capacity: count(0x40),
    collected: count(0x48),
    accumulations: view.getUint32(0x50, true),
    origins: view.getUint32(0x5c, true),
    ownAxes: (view.getUint32(16, true) & 1) !== 0,
    measurement: measurements[view.getUint32(132, true)] ?? 'unspecified',
    startTicks: view.getBigUint64(136, true),
    units: view.getUint32(152, true),
    laserWavenumber: view.getFloat32(156, true),
    application: textAt(view, 96, 24),
    user: textAt(view, 208, 32),
    title: textAt(view, 240, 160),
  };
  if (head.points === 0 || head.collected === 0) {
    throw corrupt(
      file.path,
      `it holds ${head.collected} spectra of ${head.points} channels`,
      'at least one recorded spectrum was expected (the measurement may have been stopped before the first)',
    );
  }
  if (!Number.isSafeInteger(head.capacity) || head.collected > head.capacity) {
    throw corrupt(
      file.path,
      `it says ${head.collected} of ${head.capacity} spectra were recorded`,
      'no more than were asked for were expected',
    );
  }
  return head;
}
