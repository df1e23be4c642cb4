import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The probe did not end within its limit${given(data.step, (s) => `: it hung in step "${short(s, 40)}"`) ?? ''}`,
  ),
  why: sentences(
    'A call into the driver, or the start of the container, did not come back. A GPU in a bad state, or a very slow first initialisation of many GPUs, does that.',
    'Nothing is proven about the image.',
  ),
  fixes: lines(
    'See whether the runner itself answers: timeout 60 nvidia-smi',
    'Look for driver errors: sudo dmesg | grep -i -e xid -e nvrm',
    'Keep the driver loaded between jobs, which makes the first call fast: sudo systemctl enable --now nvidia-persistenced',
    'Give it more time on a machine with many GPUs (the time limit among the inputs), or reboot the runner',
  ),
});
