import type { Seed } from '../seeds.ts';

/** A heater log with these times (seconds of the day) and temperatures. */
export function buildDens(times: readonly number[], temperatures: readonly number[]): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = (t: number): string =>
    `${two(Math.floor(t / 3600) % 24)}:${two(Math.floor(t / 60) % 60)}:${(t % 60).toFixed(2).padStart(5, '0')}`;
  const rows = times.map((t, i) =>
    [i + 1, clock(t), '50.0', temperatures[i]!.toFixed(3), 289.5 + i, 0.28, 0.96, 0.27, 278.2, 'norm'].join('\t'),
  );
  return [
    "\r\n16/04/'15 13:53\tDigiheater 3.1",
    'R0 = 282.7\ta =  0.0000000\tb = 0.225\tc = 278.222',
    'Tsample = 330 [ms]  ',
    'sample\ttime\tTset[C]\tTmeas[C]\tRheat[ohm]\tVheat[V]\tIheat[mA]\tPheat [mW]\tc',
    ...rows,
    '',
  ].join('\r\n');
}

/** A log of two columns over time in milliseconds, with a note at the third. */
export function buildProtochips(
  times: readonly number[],
  currents: readonly (number | string)[],
  remark = 'Beam, on',
): string {
  const notes = [
    'Date (yyyy.mm.dd) = 2014.10.08',
    'Time (hh:mm:ss.ms) = 16:26:51.738',
    'Time units = Milliseconds',
    'Current units = Amps',
    'Voltage units = Volts',
    'User agreeing to terms = A. Person',
  ];
  return [
    'Time, Notes, Channel A Current, Channel A Voltage',
    ...notes.map((note) => `0, ${note}, 0, 0`),
    ...times.map((t, i) => `${t}, ${i === 2 ? remark : ''}, ${currents[i]}, ${i}`),
  ].join('\r\n');
}

export const logSeeds: readonly Seed[] = [
  { name: 'dens', files: { 'x.dens': Buffer.from(buildDens([100, 100.5, 101, 101.5], [20, 21, 22, 23])) } },
  { name: 'protochips', files: { 'x.csv': Buffer.from(buildProtochips([0, 100, 200, 300], [0.5, 0.25, 'NaN', 1])) } },
];
