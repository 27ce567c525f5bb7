// An example of a custom algorithm. X has rows (pixels), columns (channels), read(first, last) and toArray(): row-major
// Float64Arrays. `fit` gives back what the method learned, with `factors` [channels × k] row after row; `transform`
// gives the loadings [pixels × k] of any pixels. Masks, noise scaling and figures are the application's.

/** The k most different spectra: each is the longest one after the directions of those before are taken out. */
export function fit(X, { components: k, shouldStop, progress }) {
  const left = X.toArray();
  const factors = new Float64Array(X.columns * k);
  for (let c = 0; c < k; c++) {
    shouldStop();
    progress(c, k);
    const pixel = longestRow(left, X.rows, X.columns);
    const spectrum = X.read(pixel, pixel + 1);
    for (let j = 0; j < X.columns; j++) factors[j * k + c] = spectrum[j];
    takeOut(left, left.slice(pixel * X.columns, (pixel + 1) * X.columns), X.rows);
  }
  return { factors };
}

/** Least squares of every pixel on the chosen spectra: L = X F (FᵀF + ridge)⁻¹. */
export function transform(X, { factors }, { components: k, parameters, shouldStop }) {
  const gram = new Float64Array(k * k);
  for (let j = 0; j < X.columns; j++) {
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) gram[a * k + b] += factors[j * k + a] * factors[j * k + b];
  }
  let largest = 0;
  for (let c = 0; c < k; c++) largest = Math.max(largest, gram[c * k + c]);
  for (let c = 0; c < k; c++) gram[c * k + c] += parameters.ridge * largest;
  const loadings = new Float64Array(X.rows * k);
  for (let i = 0; i < X.rows; i++) {
    if (i % 256 === 0) shouldStop();
    const spectrum = X.read(i, i + 1);
    const right = new Float64Array(k);
    for (let j = 0; j < X.columns; j++) for (let c = 0; c < k; c++) right[c] += spectrum[j] * factors[j * k + c];
    loadings.set(solve(gram, right, k), i * k);
  }
  return loadings;
}

function longestRow(data, rows, columns) {
  let [best, longest] = [0, -1];
  for (let i = 0; i < rows; i++) {
    let length = 0;
    for (let j = i * columns; j < (i + 1) * columns; j++) length += data[j] * data[j];
    if (length > longest) [best, longest] = [i, length];
  }
  return best;
}

/** Takes the part along `direction` out of every row. */
function takeOut(data, direction, rows) {
  const columns = direction.length;
  const length = direction.reduce((sum, v) => sum + v * v, 0);
  if (length === 0) return;
  for (let i = 0; i < rows; i++) {
    let along = 0;
    for (let j = 0; j < columns; j++) along += data[i * columns + j] * direction[j];
    for (let j = 0; j < columns; j++) data[i * columns + j] -= (along / length) * direction[j];
  }
}

/** Gaussian elimination with pivoting; a direction without weight gets 0. */
function solve(matrix, right, k) {
  const a = matrix.slice();
  const x = right.slice();
  for (let c = 0; c < k; c++) {
    let pivot = c;
    for (let r = c + 1; r < k; r++) if (Math.abs(a[r * k + c]) > Math.abs(a[pivot * k + c])) pivot = r;
    for (let j = 0; j < k; j++) [a[c * k + j], a[pivot * k + j]] = [a[pivot * k + j], a[c * k + j]];
    [x[c], x[pivot]] = [x[pivot], x[c]];
    if (Math.abs(a[c * k + c]) < 1e-12 * Math.abs(matrix[0])) continue;
    for (let r = c + 1; r < k; r++) {
      const f = a[r * k + c] / a[c * k + c];
      for (let j = c; j < k; j++) a[r * k + j] -= f * a[c * k + j];
      x[r] -= f * x[c];
    }
  }
  for (let c = k - 1; c >= 0; c--) {
    for (let j = c + 1; j < k; j++) x[c] -= a[c * k + j] * x[j];
    x[c] = Math.abs(a[c * k + c]) < 1e-12 * Math.abs(matrix[0]) ? 0 : x[c] / a[c * k + c];
  }
  return x;
}
