import { describe, expect, it } from 'vitest';
import { journalLine, readJournal } from './journal.ts';

const three = [{ n: 1 }, { n: 2, text: 'Größe µm' }, { n: 3 }];
const text = three.map(journalLine).join('');

describe('journal', () => {
  it('reads back what was written', () => {
    expect(readJournal(text)).toEqual({ entries: three, lost: 0 });
  });
  it('is empty for an empty file', () => {
    expect(readJournal('')).toEqual({ entries: [], lost: 0 });
  });
  it('stops at a line that was cut off, wherever the cut is', () => {
    const whole = journalLine(three[0]).length + journalLine(three[1]).length;
    for (let cut = whole + 1; cut < text.length; cut++) {
      expect(readJournal(text.slice(0, cut)), `cut at ${cut}`).toEqual({ entries: three.slice(0, 2), lost: 1 });
    }
  });
  it('stops at a line with a flipped bit and counts what it leaves out', () => {
    const at = journalLine(three[0]).length + 12;
    const damaged = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
    expect(readJournal(damaged)).toEqual({ entries: three.slice(0, 1), lost: 2 });
  });
});
