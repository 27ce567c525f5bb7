/*
 * Jobs as the services report them, live.
 *   jobs.list          all since the window opened, newest last
 *   jobs.active        queued or running
 *   jobs.announcement  sentence for screen readers: started, finished, failed, cancelled
 *   takeJob(state)     a change reported by the services; finished and failed ones say so in a toast
 * Pure: job-list.ts.
 */
import type { JobState, ResultId } from '../../main/contract/methods.ts';
import { fromPlainError, type PlainError } from '../../workers/model/errors.ts';
import { algorithmById } from '../../workers/specs/registry.ts';
import { inFormWords } from '../forms/form-problems.ts';
import { isActive, mergeJob } from './job-list.ts';
import { openPanel, project, selectResult, showView } from './project.svelte.ts';
import { toasts } from './toasts.svelte.ts';

class Jobs {
  list = $state.raw<readonly JobState[]>([]);
  announcement = $state('');
  active = $derived(this.list.filter(isActive));
}

export const jobs = new Jobs();

export function takeJob(job: JobState): void {
  const before = jobs.list.find((j) => j.id === job.id);
  jobs.list = mergeJob(jobs.list, job);
  if (before?.status === job.status) return;
  if (job.status === 'running') jobs.announcement = `${job.name} is running.`;
  if (job.status === 'cancelled') {
    jobs.announcement = `${job.name} was cancelled.`;
    toasts.tell(`${job.name} was cancelled.`);
  }
  if (job.status === 'failed') {
    jobs.announcement = `${job.name} failed.`;
    toasts.fail(job.error === null ? new Error(`${job.name} failed.`) : fromPlainError(inWordsOf(job, job.error)));
  }
  if (job.status === 'finished') {
    jobs.announcement = `${job.name} is finished.`;
    const result = job.result;
    toasts.tell(`${job.name} is ready.`, result === null ? null : { label: 'Open', run: () => openResult(result) });
  }
}

/** Settings are called in a message as they are in the form. */
function inWordsOf({ algorithm }: JobState, error: PlainError): PlainError {
  const spec = algorithmById(algorithm);
  return spec === undefined ? error : { ...error, message: inFormWords(error.message, spec.params) };
}

/** Shows a result in the results view. */
export function openResult(result: ResultId): void {
  const record = project.results.find((one) => one.id === result);
  // a comparison of numbers of clusters is shown where they are chosen
  if (record?.kind === 'estimate' && 'cluster_source' in record.parameters) {
    selectResult(result);
    showView('workspace');
    openPanel('cluster');
    return;
  }
  // what a comparison of criteria says stands with the result it is about
  const about = record?.kind === 'estimate' ? record.parent : null;
  selectResult((about ?? result) as ResultId);
  showView('results');
}
