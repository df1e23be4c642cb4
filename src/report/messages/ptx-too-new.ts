import {
  compatPackage,
  derived,
  driver,
  driverWithCuda,
  given,
  gpu,
  headline,
  lines,
  listed,
  otherImage,
  sentences,
  short,
  target,
  updateDriver,
  whichGpus,
} from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data, severity }) => {
  const sm = target(data.computeCapability);
  const files = data.files ?? [];
  if (severity === 'warning' && files.length > 0) {
    const name = short((files[0] ?? '').replace(/^.*\//, ''), 40);
    const more = files.length === 1 ? 'has' : `and ${files.length - 1} more files have`;
    return {
      title: headline(`For ${gpu(data)} ${name} ${more} PTX only, too new for ${driver(data)}`),
      why: sentences(
        "The image's main code serves the GPU; what uses these files fails there with error 222, and the rest works.",
        `${files.length === 1 ? 'It is' : 'They are'}: ${listed(files, 6)}.`,
        whichGpus(data),
      ),
      fixes: lines(
        'Nothing has to be done if the job does not use it',
        'Else use a release that was built with an older CUDA, or with machine code for the GPU',
        updateDriver(data, data.needsDriver),
      ),
    };
  }
  return {
    title: headline(
      `PTX${given(data.ptxIsa, (v) => ` ISA ${short(v, 8)}`) ?? ''} in the image is newer than ${driver(data)} can compile${given(data.driverPtxIsa, (v) => `, which knows up to ${short(v, 8)}`) ?? ''}`,
    ),
    why: sentences(
      `For ${gpu(data)} the image has PTX only, which the driver compiles at load time, and ${driverWithCuda(data)} is older than the compiler that wrote it.`,
      'Loading it fails with error 222, "the provided PTX was compiled with an unsupported toolchain". Minor-version compatibility does not cover PTX.',
      derived(data),
      whichGpus(data),
      given(data.path, (p) => `Read in ${short(p, 120)}.`),
    ),
    fixes: lines(
      (data.variants ?? []).length > 0 && otherImage(data),
      `Build machine code for the GPU as well: nvcc -gencode arch=compute_${sm?.slice(3) ?? 'XY'},code=${sm ?? 'sm_XY'} (TORCH_CUDA_ARCH_LIST="${data.computeCapability ?? 'X.Y'}" for PyTorch extensions)`,
      compatPackage(data),
      updateDriver(data, data.needsDriver),
      (data.variants ?? []).length === 0 && otherImage(data),
    ),
  };
};
