import { describe, expect, it } from 'vitest';
import { dataWords, leftOutWords } from './data-words.ts';

const plain = (text: string): string => text.replaceAll('\u2009', ' ');
const all = { samples: 4096, features: 1024 };

describe('what a run uses, in words', () => {
  it('counts what masks leave out', () => {
    const used = { samples: 3784, features: 1000 };
    expect(plain(dataWords(all, used))).toBe('3 784 of 4 096 px × 1 000 of 1 024 channels');
    expect(plain(leftOutWords(all, used))).toBe('312 of 4 096 px left out, 24 of 1 024 channels left out');
  });
  it('is short without masks', () => {
    expect(plain(dataWords(all, all))).toBe('4 096 px × 1 024 channels');
    expect(leftOutWords(all, all)).toBe('Nothing is left out.');
  });
});
