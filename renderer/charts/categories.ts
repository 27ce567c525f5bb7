/*
 * Colours of things that are told apart, not measured: eight colour-safe hues of the theme, then the same hues with a
 * pattern, so that 24 stay different. The same index gives the same look in maps, lines and points.
 */
export type Rgb = readonly [red: number, green: number, blue: number];

export const hueCount = 8;
export const patternCount = 3;

/** CSS variable of the hue. */
export const hueToken = (colour: number): string => `--cat-${(colour % hueCount) + 1}`;

/** 0 = plain, 1 = diagonal stripes, 2 = dots. */
export const patternOf = (colour: number): number => Math.floor(colour / hueCount) % patternCount;

/** What lines use in place of a pattern. */
export const dashOf = (colour: number): 'solid' | 'dashed' | 'dotted' =>
  (['solid', 'dashed', 'dotted'] as const)[patternOf(colour)] ?? 'solid';

/** Whether a pixel of the pattern is drawn light. */
export function isPatternPixel(pattern: number, column: number, row: number): boolean {
  if (pattern === 1) return (column + row) % 4 === 0;
  if (pattern === 2) return column % 3 === 0 && row % 3 === 0;
  return false;
}

/** Numbers of "#rrggbb", "#rgb" or "rgb(…)"; mid grey for anything else. */
export function parseRgb(colour: string): Rgb {
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour.trim());
  if (long !== null) return [1, 2, 3].map((i) => Number.parseInt(long[i] ?? '80', 16)) as unknown as Rgb;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour.trim());
  if (short !== null) return [1, 2, 3].map((i) => 17 * Number.parseInt(short[i] ?? '8', 16)) as unknown as Rgb;
  const list = /^rgba?\(\s*(\d+)[,\s]+(\d+)[,\s]+(\d+)/.exec(colour.trim());
  return list === null ? [128, 128, 128] : [Number(list[1]), Number(list[2]), Number(list[3])];
}
