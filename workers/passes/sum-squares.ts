/** Σ x², in four sums: the additions need not wait for each other. */
export function sumSquares(values: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * values[i]!;
    b += values[i + 1]! * values[i + 1]!;
    c += values[i + 2]! * values[i + 2]!;
    d += values[i + 3]! * values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * values[i]!;
  return a + b + (c + d);
}

/** The same of float32 values: a loop of its own, because a shared one would be slow for both. */
export function sumSquaresSingle(values: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * values[i]!;
    b += values[i + 1]! * values[i + 1]!;
    c += values[i + 2]! * values[i + 2]!;
    d += values[i + 3]! * values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * values[i]!;
  return a + b + (c + d);
}

/** Σ w_j x_j² of the float32 values from `at` on, as many as there are weights. */
export function sumSquaresWeighted(values: Float32Array, at: number, weights: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const n = weights.length;
  const whole = n - (n % 4);
  for (let j = 0; j < whole; j += 4) {
    a += weights[j]! * values[at + j]! * values[at + j]!;
    b += weights[j + 1]! * values[at + j + 1]! * values[at + j + 1]!;
    c += weights[j + 2]! * values[at + j + 2]! * values[at + j + 2]!;
    d += weights[j + 3]! * values[at + j + 3]! * values[at + j + 3]!;
  }
  for (let j = whole; j < n; j++) a += weights[j]! * values[at + j]! * values[at + j]!;
  return a + b + (c + d);
}
