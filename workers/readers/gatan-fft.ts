import { EigenscopeError } from '../model/errors.ts';

/**
 * Whole image of a Fourier transform that was saved as its half (data types 27 and 28): columns reversed, followed by the
 * conjugates of columns 1 … of the half.
 * @param half interleaved re, im; `height` rows of `halfWidth` complex numbers
 * @returns interleaved re, im of [height, 2 (halfWidth − 1)]
 */
export function unpackHalfSpectrum<T extends Float32Array | Float64Array>(
  half: T,
  height: number,
  halfWidth: number,
  full: T,
): T {
  const width = 2 * (halfWidth - 1);
  for (let row = 0; row < height; row++) {
    const from = row * halfWidth;
    for (let column = 0; column < width; column++) {
      const mirrored = column < halfWidth ? halfWidth - 1 - column : column - halfWidth + 1;
      const at = 2 * (from + mirrored);
      const out = 2 * (row * width + column);
      full[out] = half[at]!;
      full[out + 1] = column < halfWidth ? half[at + 1]! : -half[at + 1]!;
    }
  }
  return full;
}

/**
 * Whole square image of a Hermitian transform whose non-redundant half was saved as reals (data type 5). The zero
 * frequency stands at [N, N] of [2N, 2N].
 * @param packed 4 N² reals
 * @returns interleaved re, im of [2N, 2N]
 */
export function unpackHermitian(packed: Float32Array, side: number): Float32Array {
  if (side < 2 || side % 2 !== 0 || packed.length !== side * side) {
    throw new EigenscopeError(
      'unsupported-format',
      `A packed Fourier transform must be square with an even side; this one has a side of ${side}.`,
    );
  }
  const n = side / 2;
  const full = new Float32Array(2 * side * side);
  const known = new Uint8Array(side * side);
  const put = (row: number, column: number, re: number, im: number): void => {
    const at = row * side + column;
    full[2 * at] = re;
    full[2 * at + 1] = im;
    known[at] = 1;
  };
  const pair = (row: number, column: number, at: number): void => put(row, column, packed[at]!, packed[at + 1]!);

  put(n, 0, packed[0]!, 0);
  put(0, 0, packed[1]!, 0);
  put(n, n, packed[2 * n * n]!, 0);
  put(0, n, packed[2 * n * n + 1]!, 0);
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < n - 1; j++) pair(row, n + 1 + j, 2 * row * n + 2 + 2 * j);
  }
  for (let i = 1; i < n; i++) pair(n + i, 0, 2 * i * n);
  let next = 2 * n * n + 2;
  for (let column = n + 1; column < side; column++, next += 2) pair(n, column, next);
  for (let row = n + 1; row < side; row++) {
    for (let column = n; column < side; column++, next += 2) pair(row, column, next);
  }
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (known[row * side + column]) continue;
      const twin = ((side - row) % side) * side + ((side - column) % side);
      full[2 * (row * side + column)] = full[2 * twin]!;
      full[2 * (row * side + column) + 1] = -full[2 * twin + 1]!;
    }
  }
  return full;
}
