import { describe, expect, it } from 'vitest';
import { openPixels } from '../../workers/readers/pixels.ts';
import { openHeader } from '../../workers/readers/registry.ts';
import type { ImgSpec } from './builders/hamamatsu.ts';
import { buildImg } from './builders/hamamatsu.ts';
import { temporaryFiles } from './builders/temporary.ts';

const files = temporaryFiles();
const counts = [1, 2, 3, 4, 5, 200];

async function open(spec: ImgSpec) {
  const [signal] = (await openHeader(files.write('x.img', buildImg(spec)))).signals;
  const source = await openPixels(signal!);
  const values = [...source.read([0, 0], [...signal!.shape])].map(Number);
  source.close();
  return { signal: signal!, values };
}

describe('Hamamatsu images', () => {
  it.each([1, 2, 4] as const)('of %i bytes are counts, time against wavelength', async (bytes) => {
    const { signal, values } = await open({ width: 3, height: 2, counts, bytes, x: [400, 401, 403], y: [0, 3] });
    expect(signal).toMatchObject({ shape: [2, 3], dtype: 'int64' });
    expect(signal.axes).toMatchObject([
      { name: 'Time', units: 'µs', values: [0, 3], navigate: false },
      { name: 'Wavelength', units: 'nm', values: [400, 401, 403], navigate: false },
    ]);
    expect(values).toEqual(counts);
  });

  it('with factors instead of tables have uniform axes', async () => {
    const { signal } = await open({ width: 3, height: 2, counts });
    expect(signal.axes).toMatchObject([{ scale: 2 }, { scale: 0.5 }]);
    expect(signal.axes[1]!.values).toBeUndefined();
  });

  it('whose tables fall are turned round', async () => {
    const right = await open({ width: 3, height: 2, counts, x: [3, 2, 1], y: [0, 3] });
    expect(right.signal.axes[1]!.values).toEqual([1, 2, 3]);
    expect(right.values).toEqual([3, 2, 1, 200, 5, 4]);
    const down = await open({ width: 3, height: 2, counts, x: [1, 2, 3], y: [3, 0] });
    expect(down.values).toEqual([4, 5, 200, 1, 2, 3]);
    const both = await open({ width: 3, height: 2, counts, x: [3, 2, 1], y: [3, 0] });
    expect(both.values).toEqual(counts.toReversed());
  });

  it('tell camera, exposure and date', async () => {
    const { signal } = await open({ width: 3, height: 2, counts });
    expect(signal.metadata).toMatchObject({
      General: { date: '2023-01-20', time: '11:34:55' },
      Acquisition_instrument: {
        Detector: {
          model: 'C5680',
          frames: 60,
          // 60 × 200 ms
          integration_time: 12,
          binning: [2, 2],
          time_range: 20,
          acquisition_mode: 'analog_integration',
          processing: { background_correction: true },
        },
      },
    });
  });

  it('that are cut short are told from whole ones', async () => {
    const bytes = buildImg({ width: 3, height: 2, counts });
    await expect(openHeader(files.write('c.img', bytes.subarray(0, bytes.length - 1)))).rejects.toMatchObject({
      code: 'truncated-file',
    });
  });
});
