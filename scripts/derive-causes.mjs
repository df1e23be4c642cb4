// Writes probe/causes.h, the words of the native self-check, from the tables and words of src/ (npm run derive:causes).
// --print: to standard output instead.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, withCompiled } from './compiled.mjs';

/** Causes that no result code stands for. */
const NAMED = {
  CAUSE_NO_DRIVER: 'gpu-not-requested',
  CAUSE_EMPTY_DRIVER: 'driver-files-in-image',
  CAUSE_STUB_DRIVER: 'stub-driver-library-loaded',
  CAUSE_COMPAT_MISMATCH: 'compat-library-shadows-driver',
  CAUSE_DRIVER_MISMATCH: 'driver-library-mismatch',
  CAUSE_DRIVER_TOO_OLD: 'driver-too-old',
  CAUSE_WRONG_RESULT: 'gpu-result-wrong',
  CAUSE_NO_ANSWER: 'probe-timed-out',
  CAUSE_UNKNOWN: 'unrecognised',
};

const text = await withCompiled(['report/messages', 'core'], async (load) => {
  const { INIT_CODES, KERNEL_CODES } = await load('core/observed-codes');
  const { WORDS } = await load('report/messages/index');
  const cause = (id, code) => {
    const { title, fixes } = WORDS[id]({ id, severity: 'error', evidence: [], data: {} });
    // An id that has no fix without facts is explained on its page alone.
    return `{${code}, ${quoted(id)}, ${quoted(title)}, ${quoted(fixes[0] ?? '')}}`;
  };
  const table = (name, codes) =>
    `static const struct cause ${name}[] = {\n${Object.entries(codes)
      .map(([code, id]) => `    ${cause(id, code)},\n`)
      .join('')}};\n`;
  return `/* Derived by scripts/derive-causes.mjs from src/core/observed-codes.ts and src/report/messages: change it there. */
#ifndef PROBE_CAUSES_H
#define PROBE_CAUSES_H

/** The finding that a result code is a sign of, with its words. */
struct cause {
    int code;
    const char *id;
    const char *title;
    /** The least work that may help; empty where that depends on more than a code. */
    const char *fix;
};

/* Of cuInit, and of the image's CUDA runtime. */
${table('INIT_CAUSES', INIT_CODES)}
/* Of loading and running the test kernel. */
${table('KERNEL_CAUSES', KERNEL_CODES)}
${Object.entries(NAMED)
  .map(([name, id]) => `static const struct cause ${name} = ${cause(id, 0)};\n`)
  .join('')}
#endif
`;
});

/** A C string literal. The words hold no control characters; what is not ASCII goes in as UTF-8 bytes. */
function quoted(words) {
  const escaped = words.replaceAll('`', '').replace(/[\\"?]/g, '\\$&');
  return `"${escaped}"`;
}

if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(path.join(root, 'probe', 'causes.h'), text);
