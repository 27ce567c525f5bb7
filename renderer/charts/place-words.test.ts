import { describe, expect, it } from 'vitest';
import { placeWords } from './place-words.ts';

const area = { left: 40, top: 10, width: 400, height: 200 };
const words = { width: 120, height: 32, gap: 8 };

describe('words beside a line', () => {
  it('stand at the top right of the line where nothing is in the way', () => {
    expect(placeWords(words, area, 100, [], [])).toMatchObject({ left: 108, top: 10 });
  });

  it('go to the left where the right side has no room', () => {
    expect(placeWords(words, area, 420, [], [])).toMatchObject({ left: 292, top: 10 });
  });

  it('go below points at the top', () => {
    const marks = [{ x: 60, y: 20, radius: 4 }];
    const place = placeWords({ ...words, width: 300 }, { ...area, width: 340 }, 370, marks, []);
    expect(place.left).toBe(62);
    expect(place.top).toBeGreaterThanOrEqual(24);
  });

  it('do not cross another line when the other side is free', () => {
    expect(placeWords(words, area, 240, [], [300]).left).toBe(112);
  });

  it('stay inside a plot that is smaller than they are', () => {
    expect(placeWords(words, { left: 40, top: 10, width: 80, height: 20 }, 60, [], [])).toMatchObject({
      left: 40,
      top: 10,
    });
  });
});
