import { describe, expect, it } from '@jest/globals';
import { parseFix } from '../../src/report/fix.js';

describe('a fix', () => {
  it.each([
    ['docker run --rm x', { kind: 'command', lead: '', text: 'docker run --rm x' }],
    ['`nvidia-smi`', { kind: 'command', lead: '', text: 'nvidia-smi' }],
    [
      'Install it: sudo apt-get install -y a && b',
      { kind: 'command', lead: 'Install it', text: 'sudo apt-get install -y a && b' },
    ],
    [
      'In the image: RUN rm -rf /usr/local/cuda*/compat',
      { kind: 'command', lead: 'In the image', text: 'RUN rm -rf /usr/local/cuda*/compat' },
    ],
    [
      'For that command only: LIBRARY_PATH=/a make',
      { kind: 'command', lead: 'For that command only', text: 'LIBRARY_PATH=/a make' },
    ],
    ['Two: steps: docker ps', { kind: 'command', lead: 'Two: steps', text: 'docker ps' }],
    ['Docker has to be restarted', { kind: 'advice', text: 'Docker has to be restarted' }],
    [
      'Use a variant of the image: nvidia/cuda:11.4.3-base',
      { kind: 'advice', text: 'Use a variant of the image: nvidia/cuda:11.4.3-base' },
    ],
    [
      'Set: TORCH_CUDA_ARCH_LIST="8.0" (PyTorch), nvcc -arch (CUDA)',
      { kind: 'advice', text: 'Set: TORCH_CUDA_ARCH_LIST="8.0" (PyTorch), nvcc -arch (CUDA)' },
    ],
    [
      'Use glibc: FROM debian:bookworm-slim or rockylinux:9 in place of alpine',
      {
        kind: 'advice',
        text: 'Use glibc: FROM debian:bookworm-slim or rockylinux:9 in place of alpine',
      },
    ],
    [
      'End it: sudo kill PID, or wait for the other job',
      { kind: 'advice', text: 'End it: sudo kill PID, or wait for the other job' },
    ],
    [
      `Only these: docker run --gpus '"device=0, 1"' …`,
      { kind: 'command', lead: 'Only these', text: `docker run --gpus '"device=0, 1"' …` },
    ],
    [
      'Remove it: RUN rm -rf /a && ldconfig (and take it out of LD_LIBRARY_PATH)',
      {
        kind: 'command',
        lead: 'Remove it (and take it out of LD_LIBRARY_PATH)',
        text: 'RUN rm -rf /a && ldconfig',
      },
    ],
    [
      'Build: sudo apt-get install linux-headers-$(uname -r)',
      { kind: 'command', lead: 'Build', text: 'sudo apt-get install linux-headers-$(uname -r)' },
    ],
    [
      'Set: ldconfig = "@/sbin/ldconfig"',
      { kind: 'advice', text: 'Set: ldconfig = "@/sbin/ldconfig"' },
    ],
    [
      'Move on (see with: ldd --version)',
      { kind: 'advice', text: 'Move on (see with: ldd --version)' },
    ],
  ])('%s', (text, expected) => expect(parseFix(text)).toEqual(expected));
});
