import { headline, lines, sentences } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = () => ({
  title: headline("The container's start did not end: the engine or one of its hooks is held up"),
  why: sentences(
    'The hook that hands the GPUs over runs while the engine starts the container, and nothing of the image has run yet. A GPU in a bad state holds that hook in a call of the driver.',
    "It also runs the runner's ldconfig over the image's files: an image with a FIFO in /etc/ld.so.conf.d holds it there.",
    'Nothing is proven about the pair.',
  ),
  fixes: lines(
    'See on the runner what waits, and where (wchan): sudo ps -eo pid,ppid,stat,etime,wchan:24,args | grep -E "[n]vidia-c|[l]dconfig|[r]unc|[c]run"',
    'A hook in state D waits for the driver: timeout 60 nvidia-smi, then sudo dmesg | grep -i -e xid -e nvrm',
    "An ldconfig in wait_for_partner waits at a FIFO of the image: end it with sudo kill PID, and see the image's FIFOs: docker create --name look IMAGE; docker export look | tar -tv | grep ^p; docker rm look",
    'Give it more time where disks are slow or GPUs are many (the time limit among the inputs)',
  ),
});
