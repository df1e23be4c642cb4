/** A fix that ends in something to paste, or one that says what to change. */
export type Fix =
  | {
      readonly kind: 'command';
      /** What the command is for, without a colon; empty when it speaks for itself. */
      readonly lead: string;
      readonly text: string;
    }
  | { readonly kind: 'advice'; readonly text: string };

const PROGRAMS = [
  'sudo|docker|podman|nerdctl|skopeo|crictl|crane|nvidia-smi|nvidia-ctk|nvidia-container-cli|modprobe|systemctl|apt|apt-get|dnf|yum|zypper|apk',
  'pip|pip3|python|python3|uv|conda|curl|export|unset|ldconfig|rm|mv|ls|cat|df|free|dmesg|chmod|chown|usermod|reboot|wsl|kubectl|npx|git|nvcc|make|ulimit|sysctl',
  'timeout|kill|ldd|lspci|lsmod|journalctl|dcgmi|sed|tee|echo|mkdir|ln|mount|grep|service|snap|getent|setfacl|dpkg|rpm|env|bash|sh',
].join('|');
// Lower case, so that a sentence beginning with "Docker" is advice. Also lines of a Dockerfile and variables before a command.
const COMMAND = new RegExp(
  `^(?:(?:${PROGRAMS})(?: \\S|$)|(?:FROM|ENV|RUN|ARG|COPY|USER) \\S|[A-Z][A-Z0-9_]{3,}=\\S)`,
);
// A remark in the middle or at the end shows that the line is prose about commands.
const REMARK = / \((?![^)]*\$)[^)]*[a-z][^)]*\)(?:,|;|$)/;

/** Finds the command in a fix: the words of findings write `command`, or `what it is for: command`, or either with `(a remark)` after it. */
export function parseFix(fix: string): Fix {
  const text = fix.trim();
  const [, line = text, remark] = /^(.*\S) \(([^()]*[a-z][^()]*)\)$/s.exec(text) ?? [];
  return command(text, undefined) ?? command(line, remark) ?? { kind: 'advice', text };
}

function command(text: string, remark: string | undefined): Fix | undefined {
  const found = (lead: string, pasted: string): Fix => {
    const words = [lead, remark === undefined ? '' : `(${remark})`].filter(Boolean).join(' ');
    return { kind: 'command', lead: words, text: pasted };
  };
  if (isCommand(bare(text))) return found('', bare(text));
  for (const { index } of text.matchAll(/: /g)) {
    const lead = text.slice(0, index);
    const pasted = bare(text.slice(index + 2));
    if (isCommand(pasted) && !/\([^)]*$/.test(lead)) return found(lead, pasted);
  }
  return undefined;
}

// What two commands, or a command and a remark, have between them. Inside quotes it may be anything.
const PROSE = /, |; then | or | instead\b| must |^\S+ = /;
const QUOTED = /'[^']*'|"[^"]*"/g;

const bare = (text: string): string => /^`([^`]+)`$/.exec(text)?.[1] ?? text;

const isCommand = (text: string): boolean =>
  COMMAND.test(text) &&
  !REMARK.test(text) &&
  !PROSE.test(text.replace(QUOTED, '')) &&
  !text.includes('`');
