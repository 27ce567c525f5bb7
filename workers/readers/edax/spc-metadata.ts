import type { Metadata } from '../../model/signal.ts';
import type { SpcHeader } from './spc-header.ts';

const finite = (tree: Record<string, number>): Metadata =>
  Object.fromEntries(Object.entries(tree).filter(([, value]) => Number.isFinite(value)));

/** The tree in HyperSpy's words; `spc` is null when no spectrum lies beside a map. */
export function edsMetadata(title: string, fileName: string, spc: SpcHeader | null): Metadata {
  const general: Metadata = { title, original_filename: fileName };
  const signal: Metadata = { signal_type: 'EDS_SEM' };
  if (spc === null) return { General: general, Signal: signal };
  return {
    General: { ...general, ...spc.recorded },
    Signal: signal,
    Acquisition_instrument: {
      SEM: {
        ...finite({ beam_energy: spc.beamEnergy }),
        Stage: finite({ tilt_alpha: spc.tilt }),
        Detector: {
          EDS: finite({
            azimuth_angle: spc.azimuth,
            elevation_angle: spc.elevation,
            energy_resolution_MnKa: spc.resolution,
            live_time: spc.liveTime,
          }),
        },
      },
    },
    ...(spc.elements.length > 0 ? { Sample: { elements: [...spc.elements] } } : {}),
  };
}

/** The header as plain values. */
export const spcOriginal = (spc: SpcHeader): Metadata => ({
  ...finite({
    fVersion: spc.version,
    dataStart: spc.dataOffset,
    numPts: spc.points,
    evPerChan: spc.perChannel,
    startEnergy: spc.start,
    liveTime: spc.liveTime,
    tilt: spc.tilt,
    detReso: spc.resolution,
    azimuth: spc.azimuth,
    elevation: spc.elevation,
    kV: spc.beamEnergy,
  }),
  elements: [...spc.elements],
  ...(spc.recorded === null ? {} : { collectDateTime: `${spc.recorded.date} ${spc.recorded.time}` }),
});
