/**
 * SVG path of the area between two lines. More points than pixels are thinned to the lowest and highest of each pixel
 * column; where a bound is not finite the area is interrupted.
 *
 * @param width  pixels that the points are spread over
 */
export function bandPath(
  xs: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  x: (value: number) => number,
  y: (value: number) => number,
  width: number,
): string {
  const step = Math.max(1, Math.ceil(xs.length / Math.max(1, width)));
  let path = '';
  let upper: string[] = [];
  let lower: string[] = [];
  const close = (): void => {
    if (upper.length > 1) path += `M${upper.join('L')}L${lower.toReversed().join('L')}Z`;
    upper = [];
    lower = [];
  };
  for (let start = 0; start < xs.length; start += step) {
    const end = Math.min(xs.length, start + step);
    let top = -Infinity;
    let bottom = Infinity;
    for (let i = start; i < end; i++) {
      if ((high[i] as number) > top) top = high[i] as number;
      if ((low[i] as number) < bottom) bottom = low[i] as number;
    }
    if (!(top > -Infinity && bottom < Infinity)) {
      close();
      continue;
    }
    const at = x(xs[Math.floor((start + end - 1) / 2)] as number).toFixed(1);
    upper.push(`${at} ${y(top).toFixed(1)}`);
    lower.push(`${at} ${y(bottom).toFixed(1)}`);
  }
  close();
  return path;
}
