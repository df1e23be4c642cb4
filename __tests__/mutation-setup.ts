import fc from 'fast-check';

/** Under mutation a property only has to fail, not to find the smallest example: shrinking would take as long as a hang. */
fc.configureGlobal({ endOnFailure: true, numRuns: 25 });
