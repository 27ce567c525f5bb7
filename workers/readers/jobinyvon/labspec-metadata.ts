import type { Metadata } from '../../model/signal.ts';
import { known } from '../known-values.ts';
import type { LsxParameter } from './lsx-tree.ts';

/** The tree in HyperSpy's words: wavelengths in nm, times in s, temperatures in °C. */
export function metadataOf(
  parameters: ReadonlyMap<string, LsxParameter>,
  title: string,
  fileName: string,
  quantity: string,
): Metadata {
  const text = (name: string): string | undefined => parameters.get(name)?.value || undefined;
  const number = (name: string): number | undefined => parameters.get(name)?.number ?? undefined;
  const [date, time] = (text('Acquired') ?? text('Date') ?? '').split(' ');
  const exposure = number('Acq. time (s)');
  const frames = number('Accumulations');
  const filter = number('ND Filter');
  const hole = number('Hole');
  const range = [...parameters].find(([name]) => name === 'Range')?.[1].value;
  return {
    General: known({ title, original_filename: fileName, notes: text('Remark'), date: date || undefined, time }),
    Signal: { signal_type: '', quantity },
    ...(text('Sample') === undefined ? {} : { Sample: { description: text('Sample')! } }),
    Acquisition_instrument: known({
      Laser: known({
        wavelength: number('Laser (nm)'),
        objective_magnification: number('Objective'),
        Filter: known({ optical_density: filter === undefined ? undefined : filter / 100 }),
        Polarizer: known({ polarizer_type: text('Laser. Pol.'), angle: number('Laser Pol. (°)') }),
      }),
      Spectrometer: known({
        model: text('Instrument'),
        central_wavelength: number('Spectro (nm)'),
        entrance_slit_width: hole === undefined ? undefined : hole / 100,
        pinhole: hole === undefined ? undefined : hole / 100,
        spectral_range: range,
        Grating: known({ groove_density: number('Grating') }),
        Polarizer: known({ polarizer_type: text('Raman. Pol.'), angle: number('Raman Pol. (°)') }),
      }),
      Detector: known({
        model: text('Detector'),
        temperature: number('Detector temperature (°C)'),
        binning: number('Binning'),
        delay_time: number('Delay time (s)'),
        exposure_per_frame: exposure,
        frames,
        integration_time: exposure === undefined ? undefined : exposure * (frames ?? 1),
        processing: known({
          autofocus: text('Autofocus'),
          swift: text('SWIFT'),
          auto_exposure: text('AutoExposure'),
          spike_filter: text('Spike filter'),
          de_noise: text('DeNoise'),
          ics_correction: text('ICS correction'),
          dark_correction: text('Dark correction'),
          inst_process: text('Inst. Process'),
        }),
      }),
    }),
  };
}
