import { describe, expect, it } from 'vitest';
import type { SignalHeader } from '../../workers/model/signal.ts';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import { buildLabSpec, buildTvf } from './builders/spectroscopy-xml.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();

async function open(name: string, bytes: Uint8Array): Promise<{ signal: SignalHeader; values: number[] }> {
  const [signal] = (await openHeader(files.write(name, bytes))).signals;
  const source = await openPixels(signal!);
  const values = [
    ...source.read(
      signal!.shape.map(() => 0),
      [...signal!.shape],
    ),
  ].map(Number);
  source.close();
  return { signal: signal!, values };
}

const spectra = [0, 1, 2, 3, 4, 5].map((n) => [n + 20, n + 10, n]);

describe('LabSpec exports', () => {
  it('hold maps, x fastest, with rising axis', async () => {
    const positions = [
      { name: 'X', values: [-2, 0, 2] },
      { name: 'Y', values: [-1, 1] },
    ];
    const { signal, values } = await open('m.xml', buildLabSpec({ axis: [9, 7, 4], positions, spectra }));
    expect(signal.axes).toMatchObject([
      { name: 'Y', units: 'µm', scale: 2, offset: -1, navigate: true },
      { name: 'X', units: 'µm', scale: 2, offset: -2, navigate: true },
      { name: 'Wavelength', units: 'nm', values: [4, 7, 9], navigate: false },
    ]);
    expect(values).toEqual(spectra.flatMap((row) => row.toReversed()));
    expect(signal).toMatchObject({ title: 'a title', quantity: { name: 'Intensity', units: 'Counts/s' } });
  });

  it('hold lines and single spectra, whose axes of one position are left out', async () => {
    const positions = [
      { name: 'Y', values: [0, 0.5, 1] },
      { name: 'X', values: [0] },
    ];
    const line = await open('l.xml', buildLabSpec({ axis: [1, 2, 3], positions, spectra: spectra.slice(0, 3) }));
    expect(line.signal.axes.map(({ name }) => name)).toEqual(['Y', 'Wavelength']);
    const one = await open('s.xml', buildLabSpec({ axis: [1, 2, 3], units: 'eV', spectra: spectra.slice(0, 1) }));
    expect(one.signal.shape).toEqual([3]);
    expect(one.signal.axes[0]).toMatchObject({ name: 'Energy', units: 'eV' });
    expect(one.values).toEqual([20, 10, 0]);
  });

  it('tell how they were measured', async () => {
    const { signal } = await open('p.xml', buildLabSpec({ axis: [1, 2, 3], spectra: spectra.slice(0, 1) }));
    expect(signal.metadata).toMatchObject({
      Acquisition_instrument: {
        // 3 × 2 s
        Detector: { exposure_per_frame: 2, frames: 3, integration_time: 6 },
        Laser: { wavelength: 632.817 },
        Spectrometer: { spectral_range: 'Visible', Grating: { groove_density: 600 } },
      },
    });
  });

  it('with a spectrum missing, short, or no numbers are refused', async () => {
    const positions = [{ name: 'X', values: [0, 1, 2] }];
    for (const damaged of [
      spectra.slice(0, 2),
      [
        [1, 2, 3],
        [1, 2],
        [1, 2, 3],
      ],
      [
        [1, 2, 3],
        [1, NaN, 3],
        [1, 2, 3],
      ],
    ]) {
      const path = files.write('d.xml', buildLabSpec({ axis: [1, 2, 3], positions, spectra: damaged }));
      await expect(openHeader(path)).rejects.toMatchObject({ code: 'corrupt-file' });
    }
  });
});

describe('TriVista files', () => {
  it('put the frames of a map where they were taken, in whatever order', async () => {
    const cells = [0, 1, 2, 5, 4, 3];
    const frames = cells.map((cell) => ({
      values: [cell, cell + 10, cell + 20],
      position: `${25 * (cell % 3)};${50 * Math.floor(cell / 3)};0`,
    }));
    const { signal, values } = await open('m.tvf', buildTvf({ axis: [1, 2, 4], frames }));
    // positions are nm in the file
    expect(signal.axes).toMatchObject([
      { name: 'Y', units: 'µm', scale: 0.05, offset: 0 },
      { name: 'X', units: 'µm', scale: 0.025, offset: 0 },
      { name: 'Wavelength', units: 'nm', values: [1, 2, 4] },
    ]);
    expect(values).toEqual([0, 1, 2, 3, 4, 5].flatMap((cell) => [cell, cell + 10, cell + 20]));
  });

  it('keep frames that make no grid in the order of recording', async () => {
    const frames = ['0;0;0', '1;0;0', '0;1;0'].map((position, i) => ({ values: [i, i], position }));
    const { signal } = await open('g.tvf', buildTvf({ axis: [1, 2], frames }));
    expect(signal.shape).toEqual([3, 2]);
    expect(signal.warnings[0]).toMatch(/no full grid/);
  });

  it('count the time of a series from its first frame', async () => {
    const frames = [0, 2, 3].map((s) => ({ values: [s, s], time: 636107505000000 + s * 1e7 }));
    const { signal } = await open('t.tvf', buildTvf({ axis: [1, 2], frames }));
    expect(signal.axes[0]).toMatchObject({ name: 'Time', units: 's', values: [0, 2, 3] });
  });

  it('turn falling axes round, and tell how they were measured', async () => {
    const { signal, values } = await open('r.tvf', buildTvf({ axis: [3, 2, 1], frames: [{ values: [1, 2, 3] }] }));
    expect(values).toEqual([3, 2, 1]);
    expect(signal.metadata).toMatchObject({
      General: { title: 'r', date: '2016-09-29', time: '12:57:45' },
      // 4 × 500 ms
      Acquisition_instrument: { Detector: { frames: 4, integration_time: 2 } },
    });
  });

  it('whose frames are short are refused', async () => {
    const path = files.write('d.tvf', buildTvf({ axis: [1, 2, 3], frames: [{ values: [1, 2] }] }));
    await expect(openHeader(path)).rejects.toMatchObject({ code: 'corrupt-file' });
  });
});
