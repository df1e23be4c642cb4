import { given, headline, lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The container may lock too little memory for RDMA${given(data.bytes, (b) => `: ${Math.round(b / 1024)} KiB`) ?? ''}`,
  ),
  why: 'RDMA (InfiniBand, RoCE, GPUDirect) pins the memory that it sends from, and the limit on locked memory (ulimit -l) refuses that.',
  fixes: lines(
    'Lift the limit: docker run --ulimit memlock=-1 --ulimit stack=67108864 …',
    'In a job container of a workflow: container: { options: --gpus all --ulimit memlock=-1 }',
    'For every container of the runner, in /etc/docker/daemon.json: "default-ulimits": { "memlock": { "Name": "memlock", "Hard": -1, "Soft": -1 } }',
  ),
});
