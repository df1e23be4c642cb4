import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    // CUDA_ERROR_DEVICE_UNLICENSED
    data.code === 102
      ? 'The virtual GPU has no licence that allows CUDA (error 102)'
      : `The vGPU profile switches off what the image needs${given(data.step ?? data.clause, (s) => `: ${short(s, 50)}`) ?? ''}`,
  ),
  why: 'A virtual GPU offers unified memory, profiling and debugging only when its administrator allows them for the virtual machine, and some profiles offer no CUDA at all.',
  fixes: lines(
    'See the profile and its licence: nvidia-smi -q | grep -i -e "product name" -e licens',
    'Ask the administrator of the host to set the plugin parameter of the VM: enable_uvm=1',
    'Or use a profile with full CUDA support (a C- or Q-series profile), or a GPU passed through whole',
  ),
});
