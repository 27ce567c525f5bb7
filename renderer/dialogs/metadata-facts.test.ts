import { describe, expect, it } from 'vitest';
import { askedFacts } from './metadata-facts.ts';

const factsOf = (metadata: Parameters<typeof askedFacts>[0]) =>
  Object.fromEntries(askedFacts(metadata).map(({ name, value }) => [name, value?.replaceAll('\u2009', ' ') ?? null]));

describe('askedFacts', () => {
  it('finds what is asked most where HyperSpy keeps it', () => {
    expect(
      factsOf({
        General: { date: '2024-05-02', time: '14:03:11' },
        Acquisition_instrument: {
          TEM: { beam_energy: 200, Detector: { EELS: { dwell_time: 2e-5, collection_angle: 30 } } },
        },
      }),
    ).toEqual({ 'Beam energy': '200 keV', Detector: 'EELS', 'Dwell time': '20 µs', Acquired: '2024-05-02 14:03:11' });
  });
  it('names the type of a detector beside its kind', () => {
    const { Detector } = factsOf({
      Acquisition_instrument: { SEM: { Detector: { EDS: { detector_type: 'SDD' } } } },
    });
    expect(Detector).toBe('EDS, SDD');
  });
  it('takes an exposure for what it is', () => {
    expect(factsOf({ Acquisition_instrument: { Detector: { model: 'iDus', exposure: 0.5 } } })).toMatchObject({
      Detector: 'iDus',
      Exposure: '500 ms',
    });
  });
  it('does not guess: what is not there is null', () => {
    expect(factsOf({})).toEqual({ 'Beam energy': null, Detector: null, 'Dwell time': null, Acquired: null });
    expect(
      factsOf({ General: { title: 'map' }, Acquisition_instrument: { TEM: { beam_energy: null } } }),
    ).toMatchObject({
      'Beam energy': null,
      Acquired: null,
    });
  });
});
