import { extname, resolve } from 'node:path';
import { EigenscopeError } from '../../../../workers/model/errors.ts';
import { buildFigure } from '../../../services/figures.ts';
import { createResultStore } from '../../../services/result-store.ts';
import { findResult, withSavedSession } from '../../../services/saved-session.ts';
import { writeFigureFile } from '../../../services/write-figure.ts';
import { parseArguments, takePositionals } from '../arguments.ts';
import type { Context } from '../context.ts';

const kinds = ['scree', 'factors', 'loadings'] as const;

function numberFlag(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!(value > 0)) throw new EigenscopeError('bad-request', `--${name} takes a number above 0; got “${text}”.`);
  return value;
}

/** `1,2,4` as indices: people count components from 1. */
function parseComponents(text: string, count: number): number[] {
  return text.split(',').map((part) => {
    const number = /^\d+$/.test(part) ? Number(part) : 0;
    if (number >= 1 && number <= count) return number - 1;
    throw new EigenscopeError(
      'bad-request',
      `--components takes numbers from 1 to ${count}, separated by commas; got “${text}”.`,
    );
  });
}

/** Renders a figure of a saved session at its real size: svg, pdf, png or tiff by the extension. */
export async function figure(args: readonly string[], context: Context): Promise<void> {
  const flags = {
    out: 'value',
    width: 'value',
    height: 'value',
    dpi: 'value',
    text: 'value',
    components: 'value',
    colormap: 'value',
    'share-limits': 'switch',
    force: 'switch',
  } as const;
  const parsed = parseArguments(args, flags);
  const [path, wanted, kindText] = takePositionals('figure', parsed.positional, ['SESSION', 'RESULT', 'KIND']);
  const kind = kinds.find((k) => k === kindText);
  if (kind === undefined) throw new EigenscopeError('bad-request', `KIND is ${kinds.join(', ')}; got “${kindText}”.`);
  const { out, components, colormap } = parsed.values;
  if (out === undefined || !['.svg', '.pdf', '.png', '.tif', '.tiff'].includes(extname(out).toLowerCase())) {
    throw new EigenscopeError(
      'bad-request',
      `--out takes a file name that ends in .svg, .pdf, .png or .tiff; got ${out ?? 'nothing'}.`,
    );
  }
  await withSavedSession(resolve(path!), async ({ session, resultFolder }) => {
    const record = findResult(session, wanted!);
    const results = createResultStore();
    const count = record.arrays['factors']?.shape[1] ?? record.arrays['explained_variance_ratio']?.shape[0] ?? 0;
    const significant = Math.min(count, Number(record.scalars['number_significant_components'] ?? 3));
    const { figure: built, warnings } = await buildFigure(
      record,
      (name) => results.array(resultFolder(record.id), record, name),
      {
        kind,
        components:
          components === undefined
            ? Array.from({ length: significant }, (_, i) => i)
            : parseComponents(components, count),
        widthMm: numberFlag('width', parsed.values['width'], 89),
        heightMm: parsed.values['height'] === undefined ? null : numberFlag('height', parsed.values['height'], 1),
        dpi: numberFlag('dpi', parsed.values['dpi'], 600),
        textPt: numberFlag('text', parsed.values['text'], 7),
        colormap: colormap ?? null,
        shareLimits: parsed.switches.has('share-limits'),
      },
    );
    for (const warning of warnings) context.warn(warning);
    const target = resolve(out);
    await writeFigureFile(
      context.pool(),
      target,
      built,
      numberFlag('dpi', parsed.values['dpi'], 600),
      context.platform.assetsFolder,
      parsed.switches.has('force'),
    );
    context.print(target);
  });
}
