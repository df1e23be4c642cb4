import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

/** How a shell asks for each limit: `ulimit -H -l`. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['core', 'c'],
  ['data', 'd'],
  ['memlock', 'l'],
  ['nofile', 'n'],
  ['nproc', 'u'],
  ['stack', 's'],
]);

export const words: Words = ({ data }) => {
  const limit = given(data.limit, (one) => short(one, 24));
  const option = limit ?? 'NAME';
  return {
    title: headline(
      `The engine may not give the container the limit that it was asked for${given(limit, (one) => `: ${one}`) ?? ''}`,
    ),
    why: 'The container was to get a higher limit (--ulimit, ulimits of a Compose file, or a default of the engine) than the engine itself has. Only an engine with CAP_SYS_RESOURCE may go above its own hard limit: a rootless one, or one inside a container, may not.',
    fixes: lines(
      `What the engine may give at most, as the user who runs it: ulimit -H -${LETTERS.get(option) ?? 'a'}`,
      `Raise it for that user: LimitMEMLOCK=, LimitNOFILE= and the like in a drop-in of user@.service (rootless) or of the engine's service, then systemctl daemon-reload and log in again`,
      `Or ask for less: leave --ulimit ${option}=… out, or give the engine's own limits with --ulimit host (Podman)`,
      'Where nobody asked for it: default_ulimits in containers.conf, "default-ulimits" in daemon.json',
    ),
  };
};
