/** One row, run. */
export interface EngineRecord {
  readonly what: string;
  readonly command: string;
  readonly exitCode: number;
  readonly verdict: string | undefined;
  readonly primary: string | null | undefined;
  /** The engine's own words, where it refused. */
  readonly engineSaid?: string;
  readonly ms: number;
  readonly log: string;
  /** Differences from what was expected, and what was left behind. */
  readonly problems: readonly string[];
}

/** One engine, run. */
export interface GroupRecord {
  readonly name: string;
  readonly how: string;
  readonly suite: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly info: string;
  readonly rows: readonly EngineRecord[];
  /** Why it was not run, or not to its end. */
  readonly failure?: string;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** What a group did, as a section of Markdown: docs/engines.md has them. Pure. */
export const tableOf = ({ name, how, versions, rows, failure }: GroupRecord): string => {
  const programs = Object.entries(versions).map(([program, version]) =>
    `${program === 'docker.io' ? 'docker' : program} ${version}`.trim(),
  );
  const lines = rows.map(({ what, command, verdict, primary, exitCode, problems }) => {
    const came = `${verdict ?? 'no report'}, ${exitCode}${primary ? `: \`${primary}\`` : ''}`;
    const how = command.startsWith('scenario ') ? `\`${command.slice(9)}\`: ` : '';
    const bad = problems.length === 0 ? '' : ` **NOT AS EXPECTED: ${problems.join('; ')}**`;
    return `| ${how}${cell(what)} | ${cell(`${came}${bad}`)} |`;
  });
  return [
    `### ${name}`,
    '',
    `${programs.join(', ')}; ${how}.`,
    '',
    ...(failure === undefined ? [] : [`**Did not run to its end**: ${cell(failure)}`, '']),
    ...(lines.length === 0 ? [] : ['| what | verdict, exit code, finding |', '|---|---|']),
    ...lines,
    '',
    '',
  ].join('\n');
};
