import type { Metadata } from '../../model/signal.ts';
import { companion } from '../companion.ts';
import { decodeText, withFile } from '../file-bytes.ts';

/* NAME.hdr beside NAME.mib: lines of “key:<tab>value” about the whole recording. */

const longest = 64 * 1024;

export const isAcquisitionHeader = (head: Uint8Array): boolean =>
  head[0] === 0x48 && head[1] === 0x44 && head[2] === 0x52 && head[3] === 0x2c;

/** The pairs of the header beside a recording; null when there is none. */
export function readAcquisitionHeader(mib: string): Metadata | null {
  const path = companion(mib, ['hdr']);
  if (path === null) return null;
  const text = withFile(path, (file) => {
    const bytes = new Uint8Array(Math.min(file.size, longest));
    file.readInto(bytes, 0);
    return isAcquisitionHeader(bytes) ? decodeText(bytes) : null;
  });
  if (text === null) return null;
  const values: Metadata = {};
  for (const line of text.split(/\r?\n/).slice(1)) {
    const [key, value] = line.split(/:\t(.*)/s);
    if (key && value !== undefined) values[key.trim()] = value.trim();
  }
  return values;
}

/** Columns and rows of the scan as far as the header tells them; `rows` follows from the frames. */
export function scanOf(header: Metadata): { columns: number; rows: number | null } | null {
  const size = (key: string): number => {
    const value = Number(header[key] ?? '');
    return Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  const [x, y] = [size('ScanX'), size('ScanY')];
  if (x > 0 && y > 0) return { columns: x, rows: y };
  const perTrigger = size('Frames per Trigger (Number)');
  if (perTrigger < 2) return null;
  const frames = size('Frames in Acquisition (Number)');
  return { columns: perTrigger, rows: frames > 0 && frames % perTrigger === 0 ? frames / perTrigger : null };
}
