/** What the header of an .npy file may hold: the few Python literals that NumPy writes there. */
export type PythonLiteral = string | number | boolean | null | PythonLiteral[] | Map<string, PythonLiteral>;

const deepest = 8;

/**
 * Reads one Python literal (dict, list, tuple, string, whole number, True, False, None) without evaluating anything.
 * Tuples become lists. Python 2 wrote `3L` and `u'text'`: both are understood.
 * @throws SyntaxError that says at which character something else was found
 */
export function parsePythonLiteral(text: string): PythonLiteral {
  let at = 0;
  const space = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  };
  const fail = (expected: string): never => {
    const found = at < text.length ? `“${text.slice(at, at + 12).replaceAll(/[^\x20-\x7e]/g, '·')}”` : 'its end';
    throw new SyntaxError(`${found} at character ${at} instead of ${expected}`);
  };

  const string = (): string => {
    const quote = text[at]!;
    let out = '';
    for (at++; at < text.length; at++) {
      if (text[at] === quote) {
        at++;
        return out;
      }
      if (text[at] === '\\') at++;
      out += text[at] ?? '';
    }
    return fail('a closing quote');
  };

  const items = (close: string, depth: number): PythonLiteral[] => {
    const out: PythonLiteral[] = [];
    for (at++; ;) {
      space();
      if (text[at] === close) {
        at++;
        return out;
      }
      out.push(value(depth));
      space();
      if (text[at] === ',') at++;
      else if (text[at] !== close) fail(`“,” or “${close}”`);
    }
  };

  const dictionary = (depth: number): Map<string, PythonLiteral> => {
    const out = new Map<string, PythonLiteral>();
    for (at++; ;) {
      space();
      if (text[at] === '}') {
        at++;
        return out;
      }
      const key = value(depth);
      if (typeof key !== 'string') return fail('a name in quotes');
      space();
      if (text[at] !== ':') fail('“:”');
      at++;
      out.set(key, value(depth));
      space();
      if (text[at] === ',') at++;
      else if (text[at] !== '}') fail('“,” or “}”');
    }
  };

  const value = (depth: number): PythonLiteral => {
    if (depth > deepest) fail('a flatter structure');
    space();
    const rest = text.slice(at, at + 24);
    const first = rest[0] ?? '';
    if (first === '{') return dictionary(depth + 1);
    if (first === '[') return items(']', depth + 1);
    if (first === '(') return items(')', depth + 1);
    if (first === "'" || first === '"') return string();
    if (/^[ub]['"]/.test(rest)) {
      at++;
      return string();
    }
    const word = /^(True|False|None)\b/.exec(rest)?.[1];
    if (word !== undefined) {
      at += word.length;
      return word === 'None' ? null : word === 'True';
    }
    const number = /^-?\d{1,20}/.exec(rest)?.[0];
    if (number === undefined) return fail('a value');
    at += number.length;
    if (text[at] === 'L') at++;
    return Number(number);
  };

  const found = value(0);
  space();
  if (at < text.length && text[at] !== '\0') fail('the end of the header');
  return found;
}
