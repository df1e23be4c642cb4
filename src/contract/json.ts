/** What `JSON.parse` gives, or where and why the text stops being JSON (1-based). */
export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly column: number; readonly why: string };

/**
 * `JSON.parse` whose error always says where: the messages of V8 leave the position out for some faults and differ between the
 * Node versions that we support. A byte order mark, as editors on Windows write it, is ignored.
 */
export function parseJson(text: string): JsonResult {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return { ok: true, value: JSON.parse(json) };
  } catch {
    const fault = findFault(json);
    const before = json.slice(0, fault.offset);
    const line = before.split('\n').length;
    const column = fault.offset - before.lastIndexOf('\n');
    return { ok: false, line, column, why: fault.why };
  }
}

interface Fault {
  readonly offset: number;
  readonly why: string;
}

const SPACE = /[ \t\r\n]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

type Expect = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'end';

/** Walks the tokens with a stack of its own, so that a million open brackets cannot exhaust the call stack. */
function findFault(json: string): Fault {
  const open: ('{' | '[')[] = [];
  let offset = 0;
  let expect: Expect = 'value';

  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    const match = pattern.exec(json);
    if (match === null) return false;
    offset = pattern.lastIndex;
    return true;
  };
  const takeString = (): boolean => {
    const end = endOfString(json, offset);
    if (end === undefined) return false;
    offset = end;
    return true;
  };
  const afterValue = (): Expect => {
    const inside = open.at(-1);
    if (inside === undefined) return 'end';
    return inside === '{' ? ', or }' : ', or ]';
  };
  const close = (): void => {
    open.pop();
    offset += 1;
    expect = afterValue();
  };

  for (;;) {
    take(SPACE);
    const next = json[offset];
    if (next === undefined) return { offset, why: endedEarly(json, expect) };
    if (expect === 'end')
      return { offset, why: 'there is more text after the end of the document' };

    if (expect === 'value' || expect === 'value or ]') {
      if (next === ']' && expect === 'value or ]') close();
      else if (next === '{' || next === '[') {
        open.push(next);
        offset += 1;
        expect = next === '{' ? 'key or }' : 'value or ]';
      } else if (takeString() || take(SCALAR)) expect = afterValue();
      else return { offset, why: whyNoValue(next) };
    } else if (expect === 'key' || expect === 'key or }') {
      if (next === '}' && expect === 'key or }') close();
      else if (takeString()) expect = ':';
      else return { offset, why: whyNoKey(next) };
    } else if (expect === ':') {
      if (next !== ':') return { offset, why: 'a colon is missing after the key' };
      offset += 1;
      expect = 'value';
    } else if (next === ',') {
      offset += 1;
      expect = expect === ', or }' ? 'key' : 'value';
    } else if (next === (expect === ', or }' ? '}' : ']')) close();
    else return { offset, why: `expected ${expect === ', or }' ? '"," or "}"' : '"," or "]"'}` };
  }
}

/** The offset after the string that starts here. A loop, because a backtracking pattern runs out of stack on a text of megabytes. */
function endOfString(json: string, start: number): number | undefined {
  if (json[start] !== '"') return undefined;
  let offset = start + 1;
  while (offset < json.length) {
    const unit = json.charCodeAt(offset);
    if (unit === 0x22) return offset + 1;
    if (unit < 0x20) return undefined;
    if (unit === 0x5c) {
      ESCAPE.lastIndex = offset;
      if (!ESCAPE.test(json)) return undefined;
      offset = ESCAPE.lastIndex;
    } else offset += 1;
  }
  return undefined;
}

function endedEarly(json: string, expect: Expect): string {
  if (json.trim() === '') return 'the text is empty';
  return expect === 'end'
    ? 'the text cannot be read'
    : 'the text ends in the middle of the document';
}

function whyNoValue(next: string): string {
  if (next === '"') return 'a text is not closed, or holds a line break or an unknown escape';
  if (next === "'") return 'texts need double quotes';
  if (next === '/' || next === '#') return 'JSON has no comments';
  if (next === ']' || next === '}')
    return 'a value is missing before the bracket (a comma too many?)';
  return 'expected a value';
}

function whyNoKey(next: string): string {
  if (next === '}') return 'a comma too many before the bracket';
  if (next === '/' || next === '#') return 'JSON has no comments';
  return 'expected a key in double quotes';
}
