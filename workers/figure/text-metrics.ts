/**
 * Widths of text set in Arimo, whose advance widths are those of Arial and nearly those of Helvetica: margins can be
 * computed without a font engine, the same in the window and in every export.
 */
type WidthTable = ReadonlyArray<readonly [advance: number, characters: string]>;

const UNITS_PER_EM = 2048;
/** Height of capitals and figures, as part of the size; text is centred on it. */
export const CAP_HEIGHT = 1409 / UNITS_PER_EM;
/** Below the baseline, as part of the size. */
export const DESCENT = 434 / UNITS_PER_EM;
/** Baseline to baseline, as part of the size. */
export const LINE_HEIGHT = 1.2;

export const MM_PER_POINT = 25.4 / 72;

/** Advance widths in 1/2048 em, read from the font file. */
const REGULAR: WidthTable = [
  [1139, '#$0123456789?L_abdeghnopqu¢£¤¥§«»àáâãäåèéêëðñòóôõöùúûüþηθο–ℏ'],
  [682, '()-`r¡¨\u00ad²³´·¸¹“”⁰⁴⁵⁶⁷⁸⁹⁺⁻⁼₀₁₂₃₄₅₆₇₈₉'],
  [1366, '&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞΑΒΕΚΡΥΧ'],
  [569, '\u0020!,./:;I[\\]ft\u00a0ÌÍÎÏìíîïΙ'],
  [1479, 'CDHNRUwÇÐÑÙÚÛÜΗΝΠ'],
  [1024, 'Jcksvxyzçýÿγκλν'],
  [1593, 'GOQÒÓÔÕÖØΘΟ'],
  [1196, '+<=>~¬×−'],
  [1251, 'FTZ¿ßøΖΤ'],
  [455, 'ijlι‘’'],
  [1124, '±÷√≈≤≥'],
  [2048, 'Æ—…‰→'],
  [1706, 'MmΜ'],
  [1708, '¼½¾'],
  [1821, '%æ'],
  [684, '{}'],
  [532, '|¦'],
  [1509, '©®'],
  [1180, 'µμ'],
  [1368, 'ΔΛ'],
  [1460, 'ψ∞'],
  [410, '\u2009\u202f'],
  [445, '⁽⁾'],
  [727, '"'],
  [391, "'"],
  [797, '*'],
  [2079, '@'],
  [1933, 'W'],
  [961, '^'],
  [758, 'ª'],
  [1131, '¯'],
  [819, '°'],
  [1100, '¶'],
  [748, 'º'],
  [1128, 'Γ'],
  [1331, 'Ξ'],
  [1266, 'Σ'],
  [1634, 'Φ'],
  [1711, 'Ψ'],
  [1531, 'Ω'],
  [1184, 'α'],
  [1178, 'β'],
  [1140, 'δ'],
  [913, 'ε'],
  [903, 'ζ'],
  [917, 'ξ'],
  [1413, 'π'],
  [1165, 'ρ'],
  [987, 'ς'],
  [1264, 'σ'],
  [809, 'τ'],
  [1120, 'υ'],
  [1328, 'φ'],
  [1075, 'χ'],
  [1599, 'ω'],
  [717, '\u2022'],
  [384, '′'],
  [725, '″'],
  [331, 'ⁱ'],
  [783, 'ⁿ'],
  [1012, '∂'],
];

const BOLD: WidthTable = [
  [1139, '#$0123456789J_aceksvxy¢£¤¥§«¶»àáâãäåçèéêëýÿγλν–ℏ'],
  [682, '!()-:;[]`ft¡¨\u00ad²³´·¸¹⁰⁴⁵⁶⁷⁸⁹⁺⁻⁼₀₁₂₃₄₅₆₇₈₉'],
  [1251, '?FLTZbdghnopqu¿ßðñòóôõöøùúûüþΖΤηο'],
  [1479, '&ABCDHKNRUÀÁÂÃÄÅÇÐÑÙÚÛÜΑΒΗΚΝΠ'],
  [569, '\u0020,./I\\ijl\u00a0ÌÍÎÏìíîïΙι‘’'],
  [1366, 'EPSVXYÈÉÊËÝÞΕΛΡΥΧ'],
  [1593, 'GOQwÒÓÔÕÖØΘΟ'],
  [1196, '+<=>^~¬×−'],
  [1124, '±÷√≈≤≥'],
  [2048, 'Æ—…‰→'],
  [797, '*r{}'],
  [1821, '%mæ'],
  [1024, 'z“”'],
  [1708, '¼½¾'],
  [1706, 'MΜ'],
  [573, '|¦'],
  [1509, '©®'],
  [1229, 'µΣ'],
  [410, '\u2009\u202f'],
  [500, '⁽⁾'],
  [971, '"'],
  [487, "'"],
  [1997, '@'],
  [1933, 'W'],
  [758, 'ª'],
  [1131, '¯'],
  [819, '°'],
  [748, 'º'],
  [1231, 'Γ'],
  [1472, 'Δ'],
  [1318, 'Ξ'],
  [1681, 'Φ'],
  [1657, 'Ψ'],
  [1642, 'Ω'],
  [1259, 'α'],
  [1250, 'β'],
  [1242, 'δ'],
  [972, 'ε'],
  [943, 'ζ'],
  [1107, 'θ'],
  [1142, 'κ'],
  [1253, 'μ'],
  [912, 'ξ'],
  [1568, 'π'],
  [1267, 'ρ'],
  [1065, 'ς'],
  [1401, 'σ'],
  [914, 'τ'],
  [1192, 'υ'],
  [1465, 'φ'],
  [1179, 'χ'],
  [1543, 'ψ'],
  [1730, 'ω'],
  [717, '\u2022'],
  [491, '′'],
  [981, '″'],
  [476, 'ⁱ'],
  [754, 'ⁿ'],
  [1012, '∂'],
  [1460, '∞'],
];

const indexed = (table: WidthTable): ReadonlyMap<string, number> =>
  new Map(table.flatMap(([advance, characters]) => [...characters].map((c) => [c, advance] as const)));
const widths = { 400: indexed(REGULAR), 700: indexed(BOLD) };

/** Width in mm of one line of text at a size in points; unknown characters count as wide as a figure, kerning is left out. */
export function textWidth(text: string, sizePt: number, weight: 400 | 700 = 400): number {
  let units = 0;
  for (const character of text) units += widths[weight].get(character) ?? 1139;
  return (units / UNITS_PER_EM) * sizePt * MM_PER_POINT;
}
