import config from './jest.config.js';

/** The tests that hold the rules fast, without the ones that spawn programs: mutants are run by the thousand. */
export default {
  ...config,
  setupFiles: ['<rootDir>/__tests__/mutation-setup.ts'],
  testMatch: ['core', 'knowledge', 'pairs'].map(
    (folder) => `<rootDir>/__tests__/${folder}/**/*.test.ts`,
  ),
};
