// An example of a custom preparation of what is clustered. A has rows (the pixels that take part), columns (channels or
// components), read(first, last) and toArray(): row-major Float64Arrays. What is given back has as many rows, row after
// row, and may have other columns.

/** b = ln(a + offset), less its mean over the row: twice as thick a pixel of the same composition is the same. */
export function preprocess(A, { parameters, shouldStop, progress }) {
  const out = A.toArray();
  let sum = 0;
  for (const value of out) {
    if (value < 0) throw new Error('values below 0 have no logarithm; remove no background, or choose another scaling');
    sum += value;
  }
  if (sum === 0) throw new Error('all values are 0');
  const offset = (parameters.offset * sum) / out.length;
  for (let i = 0; i < A.rows; i++) {
    if (i % 256 === 0) {
      shouldStop();
      progress(i, A.rows);
    }
    const row = out.subarray(i * A.columns, (i + 1) * A.columns);
    let mean = 0;
    for (let j = 0; j < row.length; j++) mean += row[j] = Math.log(row[j] + offset);
    mean /= row.length;
    for (let j = 0; j < row.length; j++) row[j] -= mean;
  }
  return out;
}
