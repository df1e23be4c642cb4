import type { Words } from '../words.js';

export const words: Words = () => ({
  title:
    'A declared requirement is not met and not enforced here (CDI, or NVIDIA_DISABLE_REQUIRE), and CUDA itself works there (seen, or sure by minor-version compatibility). Never together with requirement-unmet. Not enforced and below the floor',
  why: 'a declared requirement is not met and not enforced here (CDI, or NVIDIA_DISABLE_REQUIRE), and CUDA itself works there (seen, or sure by minor-version compatibility). Never together with requirement-unmet. Not enforced and below the floor: driver-too-old',
  fixes: [],
});
