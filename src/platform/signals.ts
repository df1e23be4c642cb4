/** What of `process` this needs. */
interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): never;
}

/** Exit code of a run that is ended a second time before it could clean up. */
const ENDED = 2;

/**
 * Aborts on the first SIGINT or SIGTERM, so that containers are removed and what is known is reported; the same signal again
 * ends the program. A runner sends each once, seven and a half seconds apart.
 */
export function abortOnSignals(source: SignalSource): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    let seen = 0;
    source.on(signal, () => {
      seen += 1;
      if (seen > 1) source.exit(ENDED);
      controller.abort();
    });
  }
  return controller.signal;
}
