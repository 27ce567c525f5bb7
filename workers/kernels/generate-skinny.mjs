// Writes assembly/skinny.gen.ts: the unrolled inner loops of products with few columns, in which a row of the long matrix
// is read once for all of them. Like generate.mjs: every accumulator is a variable of its own.

/** Columns at once: 2 × 6 accumulators, 2 vectors of the rows and 1 of the other factor fit the 15 usable registers. */
export const mostColumns = 6;

/** @param {number} n */
const range = (n) => Array.from({ length: n }, (_, i) => i);

/** @param {string[]} values @returns {string} the sum in pairs */
const sum = (values) => values.join(' + ');

/**
 * c[r][t] += Σ_j x[r][j] · h[t][j] over n values of `rows` rows of X and `columns` rows of H; c is float64.
 * @param {'f64' | 'f32'} type of x and h
 * @param {number} rows
 * @param {number} columns
 */
function dots(type, rows, columns) {
  const size = type === 'f64' ? 8 : 4;
  const lanes = 16 / size;
  const vector = `${type}x${lanes}`;
  const madd = `madd${size * 8}`;
  const all = range(rows).flatMap((r) => range(columns).map((t) => [r, t]));
  const lines = [
    `function dots${size * 8}_${rows}_${columns}(n: i32, x: usize, ldx: usize, h: usize, ldh: usize, c: usize, ldc: usize): void {`,
  ];
  for (const [r, t] of all) lines.push(`  let s${r}_${t}: v128 = ${vector}.splat(0);`);
  if (rows > 1) lines.push('  let x1: usize = x + ldx;');
  for (const t of range(columns).slice(1)) lines.push(`  let h${t}: usize = h + ${t} * ldh;`);
  lines.push('  let j: i32 = 0;');
  for (const steps of [2, 1]) {
    lines.push(`  for (; j + ${steps * lanes} <= n; j += ${steps * lanes}) {`);
    for (const step of range(steps)) {
      for (const r of range(rows)) lines.push(`    const v${r}_${step} = v128.load(x${r || ''}, ${16 * step});`);
      for (const t of range(columns)) {
        lines.push(`    const b${t}_${step} = v128.load(h${t || ''}, ${16 * step});`);
        for (const r of range(rows)) lines.push(`    s${r}_${t} = ${madd}(v${r}_${step}, b${t}_${step}, s${r}_${t});`);
      }
    }
    for (const r of range(rows)) lines.push(`    x${r || ''} += ${16 * steps};`);
    for (const t of range(columns)) lines.push(`    h${t || ''} += ${16 * steps};`);
    lines.push('  }');
  }
  for (const [r, t] of all) {
    const parts = range(lanes).map((l) => `<f64>${vector}.extract_lane(s${r}_${t}, ${l})`);
    lines.push(`  let d${r}_${t}: f64 = ${sum(parts)};`);
  }
  lines.push('  for (; j < n; j++) {');
  for (const [r, t] of all) {
    lines.push(`    d${r}_${t} += <f64>load<${type}>(x${r || ''}) * <f64>load<${type}>(h${t || ''});`);
  }
  lines.push(`    x += ${size};`);
  if (rows > 1) lines.push(`    x1 += ${size};`);
  for (const t of range(columns)) lines.push(`    h${t || ''} += ${size};`);
  lines.push('  }');
  for (const [r, t] of all) {
    const at = `c + ${r} * ldc + ${8 * t}`;
    lines.push(`  store<f64>(${at}, load<f64>(${at}) + d${r}_${t});`);
  }
  lines.push('}');
  return lines.join('\n');
}

/**
 * b[t][j] += Σ_r w[r][t] · x[r][j] over n values of `rows` rows of X; w is float64, b of the type of X.
 * @param {'f64' | 'f32'} type
 * @param {number} rows
 * @param {number} columns
 */
function outer(type, rows, columns) {
  const size = type === 'f64' ? 8 : 4;
  const lanes = 16 / size;
  const vector = `${type}x${lanes}`;
  const madd = `madd${size * 8}`;
  const all = range(rows).flatMap((r) => range(columns).map((t) => [r, t]));
  const lines = [
    `function outer${size * 8}_${rows}_${columns}(n: i32, x: usize, ldx: usize, w: usize, ldw: usize, b: usize, ldb: usize): void {`,
  ];
  for (const [r, t] of all) {
    lines.push(`  const a${r}_${t} = <${type}>load<f64>(w + ${r} * ldw + ${8 * t});`);
    lines.push(`  const w${r}_${t} = ${vector}.splat(a${r}_${t});`);
  }
  if (rows > 1) lines.push('  let x1: usize = x + ldx;');
  for (const t of range(columns).slice(1)) lines.push(`  let b${t}: usize = b + ${t} * ldb;`);
  lines.push('  let j: i32 = 0;');
  for (const steps of [2, 1]) {
    lines.push(`  for (; j + ${steps * lanes} <= n; j += ${steps * lanes}) {`);
    for (const step of range(steps)) {
      for (const r of range(rows)) lines.push(`    const v${r}_${step} = v128.load(x${r || ''}, ${16 * step});`);
      for (const t of range(columns)) {
        const place = `b${t || ''}`;
        const first = `${madd}(v0_${step}, w0_${t}, v128.load(${place}, ${16 * step}))`;
        const value = rows > 1 ? `${madd}(v1_${step}, w1_${t}, ${first})` : first;
        lines.push(`    v128.store(${place}, ${value}, ${16 * step});`);
      }
    }
    for (const r of range(rows)) lines.push(`    x${r || ''} += ${16 * steps};`);
    for (const t of range(columns)) lines.push(`    b${t || ''} += ${16 * steps};`);
    lines.push('  }');
  }
  lines.push('  for (; j < n; j++) {');
  for (const t of range(columns)) {
    const terms = range(rows).map((r) => `a${r}_${t} * load<${type}>(x${r || ''})`);
    lines.push(`    store<${type}>(b${t || ''}, load<${type}>(b${t || ''}) + ${sum(terms)});`);
  }
  lines.push(`    x += ${size};`);
  if (rows > 1) lines.push(`    x1 += ${size};`);
  for (const t of range(columns)) lines.push(`    b${t || ''} += ${size};`);
  lines.push('  }', '}');
  return lines.join('\n');
}

/**
 * One function that calls the loop for this number of columns.
 * @param {'dots' | 'outer'} kind
 * @param {number} bits
 * @param {number} rows
 */
function dispatch(kind, bits, rows) {
  const parameters = 'x: usize, ldx: usize, p: usize, ldp: usize, q: usize, ldq: usize';
  const cases = range(mostColumns).map(
    (t) => `    case ${t + 1}: ${kind}${bits}_${rows}_${t + 1}(n, x, ldx, p, ldp, q, ldq); break;`,
  );
  return [
    `export function ${kind}${bits}_${rows}(columns: i32, n: i32, ${parameters}): void {`,
    '  switch (columns) {',
    ...cases,
    '  }',
    '}',
  ].join('\n');
}

/** @returns {string} source text of assembly/skinny.gen.ts */
export function generateSkinny() {
  const parts = ["// Generated by generate-skinny.mjs.\nimport { madd32, madd64 } from './vector';"];
  for (const type of /** @type {const} */ (['f64', 'f32'])) {
    for (const rows of [1, 2]) {
      for (const t of range(mostColumns)) parts.push(dots(type, rows, t + 1), outer(type, rows, t + 1));
      parts.push(dispatch('dots', type === 'f64' ? 64 : 32, rows), dispatch('outer', type === 'f64' ? 64 : 32, rows));
    }
  }
  return `${parts.join('\n\n')}\n`;
}
