/** A rectangle in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface WordsPlace {
  /** upper left corner of the words */
  left: number;
  top: number;
  /** what is covered: 0 = nothing, below 100 = a line, from 100 on marks */
  cost: number;
}

/**
 * Where words beside an upright line cover least: right or left of it, as high as possible, inside the plot.
 * A covered mark counts most, a crossed line less, the distance from the top least; of equals the right side wins.
 * Lengths in pixels.
 */
export function placeWords(
  words: { width: number; height: number; gap: number },
  area: Box,
  line: number,
  marks: readonly { x: number; y: number; radius: number }[],
  lines: readonly number[],
): WordsPlace {
  const last = area.left + area.width - words.width;
  const within = (left: number): number => Math.max(area.left, Math.min(last, left));
  const sides = [within(line + words.gap), within(line - words.gap - words.width)];
  const step = Math.max(4, words.height / 4);
  const bottom = Math.max(area.top, area.top + area.height - words.height);
  let best: WordsPlace = { left: sides[0] ?? area.left, top: area.top, cost: Infinity };
  for (let top = area.top; top <= bottom; top += step) {
    for (const left of sides) {
      const covered = marks.filter(
        ({ x, y, radius }) =>
          x + radius > left && x - radius < left + words.width && y + radius > top && y - radius < top + words.height,
      ).length;
      const crossed = [line, ...lines].filter((x) => x > left && x < left + words.width).length;
      const cost = 100 * covered + 10 * crossed + (top - area.top) / Math.max(1, area.height);
      if (cost < best.cost - 1e-9) best = { left, top, cost };
    }
  }
  return best;
}
