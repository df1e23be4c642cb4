import type { Pumped } from './texts.js';

/** Texts that broke a promise once, shortened: read again by every run of the tests. */
export const FOUND: readonly {
  /** Name of the row. */
  readonly parser: string;
  /** What was wrong. */
  readonly what: string;
  readonly text: string | Pumped;
}[] = [
  {
    parser: 'info of a container engine',
    what: 'the name of a property of every object was looked up in the table of architectures',
    text: '{"ServerVersion":"29.1.0","Architecture":"constructor"}',
  },
  {
    parser: 'image reference',
    what: 'the name of a property of every object was looked up in the table of digests',
    text: `a@toString:${'0'.repeat(32)}`,
  },
  {
    parser: 'versions of drivers, CUDA and PTX',
    what: 'the end of a branch was looked for again from each dot',
    text: { start: '', unit: '.x', end: '5' },
  },
  {
    parser: 'Dockerfile',
    what: 'a carriage return alone began a line, so that places were in no line of the file',
    text: '\rFROM ',
  },
  {
    parser: 'Dockerfile',
    what: 'a carriage return alone began an instruction',
    text: 'FROM a:1\r\nCOPY --from=0 / /\r%',
  },
  {
    parser: 'the .env file beside a Compose file',
    what: 'a comment was looked for again from each number sign',
    text: { start: 'A=', unit: ' #', end: '\u2028' },
  },
  {
    parser: 'CDI specification in YAML',
    what: 'keys were compared with each other',
    text: { start: '', unit: '? a\n', end: '' },
  },
  {
    parser: 'CDI specification in YAML',
    what: 'brackets were followed until the stack was full',
    text: { start: '', unit: '[', end: '' },
  },
  {
    parser: 'fleet file',
    what: 'there were as many lines of problems as there were faults',
    text: '""'.repeat(2_000),
  },
  {
    parser: 'fleet file',
    what: 'lists in lists ended the process',
    text: '- '.repeat(2_000),
  },
  {
    parser: 'fleet file',
    what: 'keys were compared with each other',
    text: { start: '', unit: '? a\n', end: '' },
  },
  {
    parser: 'CDI specification in YAML',
    what: 'lists in lists ended the process',
    text: '- '.repeat(2_000),
  },
  {
    parser: 'fleet file',
    what: 'a key that is a map with the key toString threw',
    text: 'a:\n  ? { toString: 1 }\n  : b\n',
  },
  {
    parser: 'answers of GitHub, comments and the matrix of a job',
    what: 'the name of a branch that is an object with the key toString threw',
    text: '{"merge_group":{"head_ref":{"toString":1}}}',
  },
  {
    parser: 'workflow',
    what: 'maps in maps filled the stack of the parser, too, and what it threw was not caught',
    text: `jobs: ${': '.repeat(12_000)}`,
  },
  {
    parser: 'waiver file, and patterns of images',
    what: 'maps in maps took quadratic time',
    text: { start: '', unit: ': ', end: '\nwaivers:' },
  },
  {
    parser: 'answers of GitHub, comments and the matrix of a job',
    what: 'a wait without end was taken for a number',
    text: '1e+308',
  },
  {
    parser: 'answers and progress of an engine',
    what: 'an exit code beyond every number was taken for one',
    text: '{"Status":"exited","ExitCode":1e999}',
  },
  {
    parser: 'image inspect, and the configuration of an image',
    what: 'a size beyond every number was taken for one',
    text: '[{"Id":"sha256:0a","Size":1e999,"Os":"linux","Architecture":"amd64","Config":{}}]',
  },
  {
    parser: 'bodies of a registry and its token server, and the cache on disk',
    what: 'a digest with half of a surrogate pair threw while its refusal was worded',
    text: '{"schemaVersion":2,"config":{"digest":"\\ud800","size":10},"layers":[]} ',
  },
  {
    parser: 'facts and reports, and what the rules make of them',
    what: 'the name of a framework was looked up among the properties of every object',
    text: '{"schema":"cuda-image-check/facts@1","host":{"platform":"linux/amd64","driver":{"version":"535.104.05","cuda":"12.2"},"gpus":[{"index":0,"name":"NVIDIA A100-SXM4-80GB","computeCapability":"8.0"}]},"image":{"cuda":"12.8.1","frameworks":[{"name":"__proto__","version":"2.9.0","cuda":"12.8","targets":["sm_70","sm_120"]}]}}',
  },
  {
    parser: 'facts and reports, and what the rules make of them',
    what: 'where a libcuda is from was looked up among the properties of every object',
    text: '{"schema":"cuda-image-check/facts@1","image":{"reference":"a"},"probe":{"started":true,"libcuda":{"path":"/x/libcuda.so.1","origin":"constructor"},"init":{"code":0}}}',
  },
  {
    parser: 'logs of any program',
    what: 'the name of a limit was looked up among the properties of every object',
    text: 'Error: crun: setrlimit `RLIMIT_constructor`: Operation not permitted',
  },
  {
    parser: "settings of Docker's daemon",
    what: 'a mirror that is no place on the network was asked',
    text: '{"registry-mirrors":["mailto:x","file:///etc/passwd"]}',
  },
  {
    parser: 'CDI specification in YAML',
    what: 'the library warned of a key that is a map, on standard error',
    text: '? { a: b }\n: c\n',
  },
  {
    parser: 'waiver file, and patterns of images',
    what: 'the library warned of a key that is a list, on standard error',
    text: '? [a]\n: c\n',
  },
  {
    parser: 'Dockerfile',
    what: 'the only line, a comment, was read again from each number sign',
    text: { start: '', unit: '#', end: '' },
  },
  {
    parser: 'Dockerfile',
    what: 'each comment was compared with each stage',
    text: { start: '', unit: '# syntax=>#\nFROM a\n', end: '' },
  },
  {
    parser: 'workflow',
    what: 'an expression that nothing closes was placed after the end of the file',
    text: 'jobs:\n  a:\n    steps:\n      - run: |\n          docker run a:${{',
  },
];
