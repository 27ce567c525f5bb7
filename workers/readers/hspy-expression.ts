import { EigenscopeError } from '../model/errors.ts';

const functions: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  abs: Math.abs,
  Abs: Math.abs,
};

const token = /\s*(\*\*|[-+*/^()]|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[A-Za-z_]\w*)/y;

function tokenize(expression: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < expression.trimEnd().length) {
    const found = token.exec(expression);
    if (!found) throw unreadable(expression);
    tokens.push(found[1]!);
  }
  return tokens;
}

const unreadable = (expression: string): EigenscopeError =>
  new EigenscopeError('unsupported-format', `The axis formula "${expression.slice(0, 80)}" is not understood.`, {});

/**
 * Value of an axis formula such as `a * x ** 2 + b`, by a small grammar (never by evaluating code): numbers, names,
 * + - * / ** ^, parentheses and the usual functions of one argument. `power` is right-associative and binds tighter
 * than the sign, as in Python.
 * @throws EigenscopeError unsupported-format for anything else
 */
export function evaluateAxisExpression(expression: string, names: ReadonlyMap<string, number>): number {
  if (expression.length > 1000) throw unreadable(expression);
  const tokens = tokenize(expression);
  let at = 0;
  const take = (...wanted: string[]): string | null => (wanted.includes(tokens[at] ?? '') ? tokens[at++]! : null);

  const sum = (): number => {
    let value = product();
    for (let sign = take('+', '-'); sign; sign = take('+', '-'))
      value = sign === '+' ? value + product() : value - product();
    return value;
  };
  const product = (): number => {
    let value = signed();
    for (let sign = take('*', '/'); sign; sign = take('*', '/'))
      value = sign === '*' ? value * signed() : value / signed();
    return value;
  };
  const signed = (): number => {
    if (take('-')) return -signed();
    if (take('+')) return signed();
    const base = atom();
    return take('**', '^') ? base ** signed() : base;
  };
  const atom = (): number => {
    const found = tokens[at++];
    if (found === undefined) throw unreadable(expression);
    if (found === '(') {
      const value = sum();
      if (!take(')')) throw unreadable(expression);
      return value;
    }
    if (/^[\d.]/.test(found)) return Number(found);
    if (found === 'pi') return names.get('pi') ?? Math.PI;
    const call = Object.hasOwn(functions, found) && tokens[at] === '(' ? functions[found] : undefined;
    if (call) return call(atom());
    const value = names.get(found);
    if (value === undefined) throw unreadable(expression);
    return value;
  };

  const value = sum();
  if (at !== tokens.length) throw unreadable(expression);
  return value;
}
