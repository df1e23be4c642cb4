import { Driver, given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => {
  const variable = data.variable ?? 'NVIDIA_REQUIRE_CUDA';
  const clause = given(data.clause, (c) => short(c, 48));
  return {
    title: headline(
      `${clause === undefined ? variable : `Requirement ${clause}`} is stricter than CUDA needs: the image works here`,
    ),
    why: sentences(
      `${Driver(data)} does not meet ${variable}, but nothing enforces it here and CUDA itself runs.`,
      given(data.enforcementWhy, (w) => `Why it is not enforced: ${short(w, 120)}.`),
      'On a runner whose container toolkit injects GPUs in legacy mode the same image would be refused.',
    ),
    fixes: lines(
      'Nothing has to be done on this runner',
      `Where it is refused: docker run -e NVIDIA_DISABLE_REQUIRE=1 …`,
      `As the author of the image, state what CUDA needs${given(data.needsDriverMinor, (v) => `: ENV ${variable}="driver>=${short(v, 20)}"`) ?? ' and no more'}`,
    ),
  };
};
