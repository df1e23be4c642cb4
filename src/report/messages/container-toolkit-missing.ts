import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${given(data.engine, (v) => (v === 'nvidia' || v === '' ? 'The engine' : short(v, 30))) ?? 'The engine'} has no GPU support: the NVIDIA Container Toolkit is missing`,
  ),
  why: sentences(
    'The engine was asked for GPUs and found nothing on this machine that could inject them. The driver alone is not enough.',
    given(
      data.device,
      (device) => `A CDI specification names ${short(device, 40)}; --gpus does not use it here.`,
    ),
  ),
  fixes: lines(
    given(
      data.device,
      (device) =>
        `Ask for the GPUs by their CDI name, and set gpus: ${short(device, 40)} for this check: docker run --rm --device ${short(device, 40)} IMAGE`,
    ),
    "Install it from NVIDIA's repository: `sudo apt-get install -y nvidia-container-toolkit`",
    'Register it with the engine: `sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker`',
    'Then try: `docker run --rm --gpus all ubuntu nvidia-smi`',
  ),
});
