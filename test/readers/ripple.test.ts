import { describe, expect, it } from 'vitest';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import { probe, rowSourceOf } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { parseRipple, rippleReader } from '../../workers/readers/ripple.ts';
import type { RippleOptions } from './builders/text.ts';
import { buildRipple } from './builders/text.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write, folder } = temporaryFiles();
let made = 0;

/** Writes a pair under a name of its own and says the path of the header. */
function pair(options: RippleOptions, header = 'rpl', data = 'raw'): string {
  const { rpl, raw } = buildRipple(options);
  const name = `pair${++made}`;
  write(`${name}${data === '' ? '' : `.${data}`}`, raw);
  return write(`${name}.${header}`, rpl);
}
const refusal = async (path: string): Promise<EigenscopeError> =>
  rippleReader.header(path, {}).then(
    () => Promise.reject(new Error('it was opened')),
    (error: EigenscopeError) => error,
  );

describe('a ripple pair', () => {
  it('by vector has spectra along depth', async () => {
    const path = pair({
      width: 3,
      height: 2,
      depth: 4,
      recordBy: 'vector',
      extra: { 'ev-per-chan': 10, signal: 'EDS_SEM' },
    });
    const [signal] = (await openHeader(path)).signals;
    expect(signal).toMatchObject({ shape: [2, 3, 4], dtype: 'uint16', signalType: 'EDS_SEM' });
    expect(signal!.axes.map((a) => [a.name, a.navigate, a.scale, a.units])).toEqual([
      ['y', true, 1, null],
      ['x', true, 1, null],
      ['Energy', false, 10, 'eV'],
    ]);
    expect(await probe(signal!, [1, 2, 3])).toBe(23);
    expect(rowSourceOf(signal!)).toMatchObject({ samples: 6, features: 4, offset: 0 });
  });

  it('by image has pictures along depth', async () => {
    const [signal] = (await openHeader(pair({ width: 3, height: 2, depth: 4, recordBy: 'image' }))).signals;
    expect(signal!.axes.map((a) => [a.size, a.navigate])).toEqual([
      [4, true],
      [2, false],
      [3, false],
    ]);
  });

  it('is opened from either file, and other names of the data are found', async () => {
    const header = pair({ width: 1, height: 1, depth: 5, recordBy: 'vector' }, 'RPL', 'RAW');
    expect((await openHeader(header.replace('.RPL', '.RAW'))).format).toBe('ripple');
    expect((await openHeader(header)).signals[0]!.shape).toEqual([5]);
    for (const extension of ['bin', '']) {
      const path = pair({ width: 2, height: 1, depth: 5, recordBy: 'vector' }, 'rpl', extension);
      expect((await openHeader(path)).signals[0]!.shape).toEqual([2, 5]);
    }
  });

  it('honours offset and byte order; origins are in units', async () => {
    const path = pair({
      width: 2,
      height: 1,
      depth: 3,
      recordBy: 'vector',
      dtype: 'float32',
      offset: 7,
      byteOrder: 'big-endian',
      extra: { 'depth-scale': 0.5, 'depth-origin': 12, 'depth-units': 'keV' },
    });
    const [signal] = (await rippleReader.header(path, {})).signals;
    expect(await probe(signal!, [1, 2])).toBe(5);
    expect(signal!.axes[1]).toMatchObject({ scale: 0.5, offset: 12, units: 'keV' });
  });

  it('with more data than declared is fine; with less it is refused with both sizes', async () => {
    const { rpl, raw } = buildRipple({ width: 2, height: 2, depth: 2, recordBy: 'vector' });
    write('more.raw', Buffer.concat([raw, Buffer.alloc(10)]));
    expect((await rippleReader.header(write('more.rpl', rpl), {})).signals).toHaveLength(1);
    write('less.raw', raw.subarray(1));
    const error = await refusal(write('less.rpl', rpl));
    expect(error.code).toBe('truncated-file');
    expect(error.message).toContain('15 bytes');
    expect(error.message).toContain('16');
  });

  it('that is not complete says which file is missing', async () => {
    const { rpl, raw } = buildRipple({ width: 2, height: 2, depth: 2, recordBy: 'vector' });
    expect((await refusal(write('alone.rpl', rpl))).message).toContain('alone.raw is missing');
    await expect(openHeader(write('lonely.raw', raw))).rejects.toMatchObject({ code: 'unsupported-format' });
    expect(folder).not.toBe('');
  });

  it.each([
    ['width', 'x'],
    ['width', '-3'],
    ['width', '1e300'],
    ['height', '0'],
    ['data-length', '3'],
    ['data-type', 'double'],
    ['record-by', 'columns'],
    ['byte-order', 'middle'],
    ['offset', '1.5'],
  ])('whose %s is “%s” is refused', async (key, value) => {
    const error = await refusal(pair({ width: 2, height: 2, depth: 2, recordBy: 'vector', extra: { [key]: value } }));
    expect(error.code).toBe('corrupt-file');
  });
});

describe('parseRipple', () => {
  it('takes tabs or spaces, any letter case, and drops comments', () => {
    const keys = parseRipple(';all\r\nkey\tvalue\r\nWidth   12 ; columns\r\ntitle\tTwo words\r\nempty\t\r\n');
    expect([...keys]).toEqual([
      ['width', '12'],
      ['title', 'Two words'],
      ['empty', ''],
    ]);
  });
});
