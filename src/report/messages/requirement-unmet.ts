import type { Words } from '../words.js';

export const words: Words = () => ({
  title:
    'A declared NVIDIA_REQUIRE_* clause (name it) is not met and is enforced here (legacy mode, not disabled)',
  why: 'a declared NVIDIA_REQUIRE_* clause (name it) is not met and is enforced here (legacy mode, not disabled): the engine refuses to start the container, even if CUDA would run',
  fixes: [],
});
