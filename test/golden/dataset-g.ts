/** Dataset G of spec/algorithms.md section 17: 4 × 5 pixels, 12 channels, no random numbers; C order. */
export const gShape = { navigation: [4, 5], signal: [12] } as const;

/** Round half to even, as NumPy. */
function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

export function datasetG(): Float64Array {
  const x = new Float64Array(20 * 12);
  for (let i = 0; i < 20; i++) {
    for (let j = 0; j < 12; j++) {
      const peaks =
        Math.exp(-(((j - 3) / 2) ** 2)) * (1 + (i % 5)) + Math.exp(-(((j - 8) / 1.5) ** 2)) * (1 + Math.floor(i / 5));
      x[i * 12 + j] = roundHalfEven(50 * peaks) + ((7 * i + 3 * j) % 4) + 1;
    }
  }
  return x;
}
