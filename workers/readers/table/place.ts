/** Where the pixel that is recorded as number r belongs: lines of `inner` pixels, one after another. */
export type Place = {
  inner: number;
  innerStep: number;
  outerStep: number;
  /** every second line was recorded backwards */
  serpentine: boolean;
};

/** Pixels in the order in which they were recorded. */
export const inOrder = (count: number): Place => ({
  inner: Math.max(1, count),
  innerStep: 1,
  outerStep: count,
  serpentine: false,
});

export function placeOf({ inner, innerStep, outerStep, serpentine }: Place, r: number): number {
  const outer = Math.floor(r / inner);
  const at = r - outer * inner;
  return outer * outerStep + (serpentine && outer % 2 === 1 ? inner - 1 - at : at) * innerStep;
}
