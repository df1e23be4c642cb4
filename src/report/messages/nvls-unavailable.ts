import { headline, lines } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: headline('NVLink SHARP (NVLS) cannot be set up on this runner'),
  why: 'NCCL tries to use multicast on NVSwitch systems, and the fabric refuses it: the fabric manager was restarted, its version differs from the driver, or the GPUs are in a partition without multicast.',
  fixes: lines(
    'To get going, at a cost in speed: docker run -e NCCL_NVLS_ENABLE=0 …',
    'See the state of the fabric: nvidia-smi -q | grep -A4 -i fabric, and systemctl status nvidia-fabricmanager',
    'With no job running, restart both: sudo systemctl restart nvidia-fabricmanager, or reboot the runner',
  ),
});
