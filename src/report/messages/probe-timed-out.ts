import { Framework, given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = (finding) =>
  finding.data.framework === undefined ? ofProbe(finding) : ofFramework(finding);

const MORE_TIME =
  'Give it more time where there are many GPUs (input `timeout`), or reboot the runner';

const ofProbe: Words = ({ data }) => ({
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
    MORE_TIME,
  ),
});

/** The probe's own kernels ran before a framework's test began: what hung is in or below the framework. */
const ofFramework: Words = ({ data }) => {
  const isReduce = data.step?.startsWith('nccl') === true;
  return {
    title: headline(
      `${Framework(data)} did not end its own test within the limit${isReduce ? ': the sum over all GPUs (NCCL) hung' : (given(data.step, (s) => `: it hung in "${short(s, 40)}"`) ?? '')}`,
    ),
    why: sentences(
      isReduce
        ? 'Each GPU computed alone, and the sum over all of them did not come back: peer-to-peer transfers that an IOMMU or PCIe access control holds up do that.'
        : 'The driver answers and a kernel of our own ran on the GPUs; the framework did not come back. A first import from a slow disk, code that is compiled for the GPU at first use, or a download that the container has no network for, does that.',
      'Nothing is proven about the framework.',
    ),
    fixes: isReduce
      ? lines(
          'Try it without peer-to-peer transfers, by an environment variable of the container: docker run -e NCCL_P2P_DISABLE=1 …',
          'See what the driver says of each pair of GPUs: nvidia-smi topo -p2p r',
          MORE_TIME,
        )
      : lines(
          "See where it hangs: docker run --rm --gpus all --entrypoint python3 IMAGE -X faulthandler -c 'import faulthandler; faulthandler.dump_traceback_later(60); import torch; torch.ones(1).cuda()'",
          'Look for driver errors: sudo dmesg | grep -i -e xid -e nvrm',
          MORE_TIME,
        ),
  };
};
