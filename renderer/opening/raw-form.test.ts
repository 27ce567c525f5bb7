import { describe, expect, it } from 'vitest';
import { checkRaw, grouped, parseBytes, parseShape, type RawForm } from './raw-form.ts';

const form = (part: Partial<RawForm> = {}): RawForm => ({
  dtype: 'uint16',
  littleEndian: true,
  offset: '0',
  navigation: '4 × 6',
  signal: '10',
  order: 'spectra',
  ...part,
});

describe('parseShape', () => {
  it('takes sizes with whatever people write between them', () => {
    for (const text of ['64 × 32', '64x32', '64, 32', ' 64 32 ', '64*32']) expect(parseShape(text)).toEqual([64, 32]);
    expect(parseShape('')).toEqual([]);
  });
  it('refuses what are no sizes', () => {
    for (const text of ['0 × 4', '-3', '2.5', 'abc', '1 2 3 4 5']) expect(parseShape(text)).toBeNull();
  });
});

describe('parseBytes', () => {
  it('takes plain, grouped and hexadecimal numbers', () => {
    expect(['', '512', '1 024', '0x200'].map(parseBytes)).toEqual([0, 512, 1024, 512]);
    expect(['-1', '1.5', 'x'].map(parseBytes)).toEqual([null, null, null]);
  });
});

describe('checkRaw', () => {
  it('gives the hints of a shape that fits exactly', () => {
    // 4 · 6 · 10 numbers of two bytes
    const check = checkRaw(form(), 480);
    expect(check).toMatchObject({ problems: {}, values: 240, left: 0, leftBytes: 0 });
    expect(check.hints).toEqual({
      raw: { dtype: 'uint16', offset: 0, littleEndian: true, order: 'spectra' },
      navigationShape: [4, 6],
      signalShape: [10],
    });
  });

  it('counts what is left over, in values and bytes', () => {
    expect(checkRaw(form(), 501)).toMatchObject({ values: 250, left: 10, leftBytes: 21 });
    expect(checkRaw(form({ offset: '21' }), 501)).toMatchObject({ values: 240, left: 0, leftBytes: 0 });
  });

  it('says by the field what does not fit', () => {
    const short = checkRaw(form({ dtype: 'float64' }), 480);
    expect(short.hints).toBeNull();
    expect(short.problems.signal).toMatch(/4 × 6 × 10 are 240 numbers.*has 60 of type float64/);
    expect(checkRaw(form({ offset: '479' }), 480).problems.offset).toMatch(/480 bytes/);
    expect(checkRaw(form({ offset: 'x' }), 480).problems.offset).toMatch(/“x”/);
    expect(checkRaw(form({ navigation: '4 by 6' }), 480).problems.navigation).toMatch(/“4 by 6”/);
    expect(checkRaw(form({ signal: '' }), 480).problems.signal).toMatch(/channels/);
  });

  it('takes no navigation for one spectrum', () => {
    expect(checkRaw(form({ navigation: '' }), 480).hints).toMatchObject({ navigationShape: [], signalShape: [10] });
  });
});

it('digits are grouped by three', () => {
  expect(grouped(8388608)).toBe('8\u2009388\u2009608');
});
