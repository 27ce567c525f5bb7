/** Metres in a unit of length; null when it is none. */
export function metresIn(units: string | null): number | null {
  const text = (units ?? '').trim().replaceAll(/[\u00b5\u03bc]/g, 'u');
  const known: Readonly<Record<string, number>> = {
    m: 1,
    cm: 1e-2,
    mm: 1e-3,
    um: 1e-6,
    micron: 1e-6,
    nm: 1e-9,
    Å: 1e-10,
    '\u212b': 1e-10,
    A: 1e-10,
    angstrom: 1e-10,
    pm: 1e-12,
  };
  return known[text] ?? null;
}
