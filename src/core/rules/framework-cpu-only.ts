import { dataOf } from '../evidence.js';
import { known, unknown } from '../known.js';
import { defineImageRule } from '../rule.js';

/**
 * The framework in the image is a build without CUDA, so no driver and no GPU can help it. Images whose purpose is another
 * program often have one for their tools (llama.cpp's converters use PyTorch for the CPU): where that program is known, this is no
 * finding, and where the image has GPU code of some program, a warning.
 * Sources: https://pytorch.org/get-started/locally/ (`+cpu` builds), https://www.tensorflow.org/install/pip
 */
export const frameworkCpuOnly = defineImageRule({
  id: 'framework-cpu-only',
  severity: 'error',
  checks: 'builds of the frameworks',
  needs: ({ image }) => ({
    frameworks:
      image.facts.frameworks === undefined
        ? unknown('no framework of the image is known')
        : known(image.frameworks, 'image'),
  }),
  test: ({ frameworks }, { seen, image }) => {
    const cpu = frameworks.filter((framework) => framework.cpuOnly);
    const [first] = cpu;
    // Beside a framework that has CUDA, a CPU build may well be what the image's author wanted.
    if (first === undefined || frameworks.some((framework) => framework.cuda !== undefined)) {
      return undefined;
    }
    if (image.ownCode === 'main') return undefined;
    return {
      warning: image.ownCode === 'program',
      overruledBy: seen.computedBy(first.facts.name) ? 'it computed on a GPU' : undefined,
      details: () => ({
        data: dataOf({ framework: first.facts.name, frameworkVersion: first.facts.version }),
        evidence: cpu.map((one) => ({
          what: 'framework',
          value: `${one.label}, CPU build`,
          from: 'image',
        })),
      }),
    };
  },
});
