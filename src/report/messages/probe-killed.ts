import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The probe was ended from outside${given(data.text, (t) => ` by ${short(t, 40)}`) ?? ''}${given(data.step, (s) => ` in step "${short(s, 40)}"`) ?? ''}`,
  ),
  why: sentences(
    'The kernel ran out of memory, or somebody or something stopped the container before the probe was done.',
    'Nothing is proven about the image.',
  ),
  fixes: lines(
    'Look for the out-of-memory killer: sudo dmesg | grep -i -e "killed process" -e oom',
    'Free memory on the runner or give the container more: docker run --memory=8g …',
    'Run the check again when nothing else stops containers on this runner',
  ),
});
