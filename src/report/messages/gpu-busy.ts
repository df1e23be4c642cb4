import { Gpu, given, headline, lines, sentences, whichGpus } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${Gpu(data)} ${(data.gpus?.length ?? 1) > 1 ? 'are' : 'is'} taken by another process`,
  ),
  why: sentences(
    data.code === 46
      ? 'The GPU is in exclusive-process mode and a process uses it (error 46).'
      : `Its memory is full or it is in exclusive-process mode${given(data.code, (c) => ` (error ${c})`) ?? ''}.`,
    'Nothing is proven about the image until the GPU is free.',
    whichGpus(data),
  ),
  fixes: lines(
    'See who holds it: nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv',
    'End what should not be there: sudo kill PID, or wait for the other job',
    'Allow several processes: sudo nvidia-smi -c DEFAULT',
    'Let only one GPU job at a time use the runner: concurrency: { group: gpu-runner } in the workflow',
  ),
});
