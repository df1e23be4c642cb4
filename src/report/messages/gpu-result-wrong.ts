import { Gpu, given, gpu, headline, lines, sentences, whichGpus } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(`${Gpu(data)} computed a wrong result`),
  why: sentences(
    `A kernel ran on ${gpu(data)} without an error, and what it wrote is not what it must write${given(data.seen, (n) => ` (${n} wrong ${n === 1 ? 'element' : 'elements'})`) ?? ''}: the hardware, its memory or its connection is faulty.`,
    'Results of any program on this GPU cannot be trusted.',
    whichGpus(data),
  ),
  fixes: lines(
    'Take the runner out of service, then look for errors: nvidia-smi -q -d ECC,PAGE_RETIREMENT,ROW_REMAPPER; sudo dmesg | grep -i xid',
    'Test the GPU: dcgmi diag -r 3',
    'Reset it or power-cycle the machine, and run the check again: sudo nvidia-smi --gpu-reset -i INDEX',
  ),
});
