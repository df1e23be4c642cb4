import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The requested MIG device does not exist${given(data.device, (v) => `: ${short(v, 60)}`) ?? ''}`,
  ),
  why: 'The name or number of a Multi-Instance GPU slice did not resolve: slices are recreated with new UUIDs, and newer drivers write MIG-<uuid> instead of MIG-GPU-<uuid>/<gi>/<ci>.',
  fixes: lines(
    'nvidia-smi -L',
    'Ask for a slice by the name listed there: `docker run --gpus \'"device=MIG-<uuid>"\' IMAGE`',
    'No slices listed: create them: `sudo nvidia-smi mig -cgi 9 -C`',
    'Kubernetes: compare the strategy of the device plugin (`single` or `mixed`) with the layout',
  ),
});
