import { headline, lines, sentences, whichGpus } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline('Peer-to-peer transfers between the GPUs of this runner do not work'),
  why: sentences(
    'GPUs on one machine talk directly over PCIe or NVLink. An IOMMU, PCIe access control (ACS) in a virtual machine, or GPUs without peer-to-peer support make such transfers hang or deliver wrong data.',
    whichGpus(data),
  ),
  fixes: lines(
    'To get going, at a cost in speed: docker run -e NCCL_P2P_DISABLE=1 …',
    'See what the driver thinks of each pair: nvidia-smi topo -p2p r, and nvidia-smi topo -m',
    'On bare metal, switch off PCIe ACS and the IOMMU in the firmware, or boot with iommu=pt',
  ),
});
