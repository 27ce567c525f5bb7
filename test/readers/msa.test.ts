import { describe, expect, it } from 'vitest';
import type { EigenscopeError } from '../../workers/model/errors.ts';
import { parseMsa } from '../../workers/readers/msa.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildMsa } from './builders/text.ts';
import { temporaryFiles } from './builders/temporary.ts';

const { write } = temporaryFiles();
const open = async (bytes: Uint8Array | string) => (await openHeader(write('spectrum.msa', bytes))).signals[0]!;
const refusal = async (bytes: Uint8Array | string): Promise<EigenscopeError> =>
  open(bytes).then(
    () => Promise.reject(new Error('it was opened')),
    (error: EigenscopeError) => error,
  );

describe('an EMSA/MAS spectrum', () => {
  it('of values takes its axis from the header', async () => {
    const signal = await open(
      buildMsa({ values: [5, 6, 7], keywords: { SIGNALTYPE: 'ELS', XLABEL: 'Energy', YLABEL: 'Electrons' } }),
    );
    expect(signal).toMatchObject({
      signalType: 'EELS',
      dtype: 'float64',
      title: 'Synthetic spectrum',
      quantity: { name: 'Electrons', units: 'Counts' },
      warnings: [],
    });
    expect(signal.axes).toEqual([{ name: 'Energy', units: 'eV', size: 3, navigate: false, scale: 10, offset: 200 }]);
    const pixels = await openPixels(signal);
    expect([...pixels.read([0], [3])]).toEqual([5, 6, 7]);
  });

  it('of pairs that agree with the header keeps the header’s axis', async () => {
    const signal = await open(buildMsa({ values: [5, 6, 7], positions: [200, 210, 220] }));
    expect(signal.axes[0]).toMatchObject({ scale: 10, offset: 200 });
    expect(signal.warnings).toEqual([]);
  });

  it('of evenly spaced pairs that contradict the header takes the pairs', async () => {
    const signal = await open(buildMsa({ values: [5, 6, 7], positions: [1, 1.5, 2] }));
    expect(signal.axes[0]).toMatchObject({ scale: 0.5, offset: 1 });
    expect(signal.axes[0]).not.toHaveProperty('values');
  });

  it('of unevenly spaced pairs lists them', async () => {
    const signal = await open(buildMsa({ values: [5, 6, 7], positions: [1, 2, 40] }));
    expect(signal.axes[0]!.values).toEqual([1, 2, 40]);
    expect(signal.warnings.join()).toContain('not evenly spaced');
  });

  it('with another number of points than announced says so and uses what is there', async () => {
    const signal = await open(buildMsa({ values: [5, 6, 7], keywords: { NPOINTS: '1024.' } }));
    expect(signal.shape).toEqual([3]);
    expect(signal.warnings.join()).toContain('1024');
  });

  it('without date, with Latin-1 units and repeated keywords is no error', async () => {
    const text = Buffer.from(
      '#FORMAT      : EMSA\n#XUNITS      : \xb5m\n#COMMENT     : a\n#COMMENT     : b\n##MINE-X : 3\n#SPECTRUM : \n1 2,3\n4\n',
      'latin1',
    );
    const signal = await open(text);
    expect(signal.axes[0]!.units).toBe('µm');
    expect(signal.shape).toEqual([4]);
    expect(signal.originalMetadata).toMatchObject({ COMMENT: 'a\nb', '##MINE-X': '3' });
  });

  it.each([
    ['#FORMAT : EMSA\n1\n2\n', '#SPECTRUM'],
    ['#FORMAT : EMSA\n#SPECTRUM :\n#ENDOFDATA :\n', 'no numbers'],
    ['#FORMAT : EMSA\n#SPECTRUM :\n1, two\n', '“two”'],
    ['#FORMAT : EMSA\n#DATATYPE : XY\n#SPECTRUM :\n1, 2, 3\n', 'pairs'],
  ])('that is damaged (%j) is refused and says where', async (text, words) => {
    const error = await refusal(text);
    expect(error.code).toBe('corrupt-file');
    expect(error.message).toContain(words);
    expect(error.message).toContain('spectrum.msa');
  });
});

describe('parseMsa', () => {
  it('tells keyword, unit and value apart', () => {
    const { keywords, units } = parseMsa(
      '#BEAMKV   -kV: 120.0\n#TIME : 12:00\n#ELEVANGLE-dg: 20\n#SPECTRUM :\n1\n',
      'x',
    );
    expect(keywords.get('BEAMKV')).toEqual(['120.0']);
    expect(keywords.get('TIME')).toEqual(['12:00']);
    expect([...units]).toEqual([
      ['BEAMKV', 'kV'],
      ['ELEVANGLE', 'dg'],
    ]);
  });
});
