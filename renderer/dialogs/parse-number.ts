/**
 * A number as people type it: decimal point or a single decimal comma, real minus, exponents, spaces in thousands; null
 * when it is none.
 */
export function parseNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/\u2212/g, '-')
    .replace(/^[+-]?\d{1,3}(?:[\u2009\u202f\u00a0 ]\d{3})+(?!\d)/, (thousands) => thousands.replace(/[^\d+-]/g, ''));
  const pointed = /^[^.,]*,[^.,]*$/.test(plain) ? plain.replace(',', '.') : plain;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(pointed)) return null;
  const value = Number(pointed);
  return Number.isFinite(value) ? value : null;
}
