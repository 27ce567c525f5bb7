import type { JobState } from '../../main/contract/methods.ts';

export const isActive = (job: JobState): boolean => job.status === 'queued' || job.status === 'running';

/** The list with this job in place of its older state, or at the end. */
export const mergeJob = (list: readonly JobState[], job: JobState): JobState[] =>
  list.some((j) => j.id === job.id) ? list.map((j) => (j.id === job.id ? job : j)) : [...list, job];

/** "0:14 left", "12 min left", or nothing when it is not known. */
export function timeLeft(job: Pick<JobState, 'leftSeconds'>): string {
  if (job.leftSeconds === null) return '';
  const seconds = Math.max(0, Math.round(job.leftSeconds));
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min left`;
  if (seconds >= 600) return `${Math.round(seconds / 60)} min left`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`;
}
