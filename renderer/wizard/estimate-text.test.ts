import { describe, expect, it } from 'vitest';
import { bytesText, durationText, memoryText, scratchText, timeSpanText } from './estimate-text.ts';

const plain = (text: string): string => text.replaceAll('\u2009', ' ');

describe('estimates in words', () => {
  it('say memory in decimal units with two figures', () => {
    expect(plain(bytesText(640))).toBe('640 bytes');
    expect(plain(bytesText(34_000_000))).toBe('34 MB');
    expect(plain(bytesText(999_900))).toBe('1.0 MB');
    expect(plain(memoryText(0.4e9, 6.1e9))).toBe('about 400 MB of 6.1 GB free');
  });
  it('say time as a span, never sharper than it is known', () => {
    expect(plain(timeSpanText(0.1))).toBe('under 1 s');
    expect(plain(timeSpanText(1))).toBe('about 1 s');
    expect(plain(timeSpanText(11))).toBe('8–15 s');
    expect(plain(timeSpanText(180))).toBe('2–4 min');
    expect(plain(timeSpanText(7200))).toBe('1–3 h');
  });
  it('say what is written to the drive first', () => {
    expect(plain(scratchText(12e9))).toBe('Writes 12 GB to a scratch file first');
  });
  it('say a measured time as it was', () => {
    expect(plain(durationText(11.24))).toBe('11.2 s');
    expect(plain(durationText(200))).toBe('3 min 20 s');
    expect(plain(durationText(3600 * 2 + 120))).toBe('2 h 2 min');
  });
});
