import fc from 'fast-check';

/** One change of a JSON document: what happens to which of its values. */
export interface TreeChange {
  readonly kind: 'set' | 'remove' | 'rename' | 'add' | 'repeat' | 'list' | 'object';
  /** Which value, counted through the document. */
  readonly which: number;
  readonly key: string;
  /** JSON text, so that a key `__proto__` stays a key. */
  readonly value: string;
}

const KEYS = ['__proto__', 'constructor', 'toString', 'length', '', '0', 'name', 'x'.repeat(500)];

const VALUES = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '1.5',
  '1e308',
  '9007199254740993',
  '""',
  '"x"',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"__proto__"',
  '"constructor"',
  '"linux"',
  '"12.2"',
  '"sm_90a"',
  `"${'y'.repeat(5_000)}"`,
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '[{}]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1}',
  '{"length":4294967295}',
  `${'['.repeat(400)}${']'.repeat(400)}`,
  `[${Array.from({ length: 300 }, (_, at) => `"${at}"`).join(',')}]`,
];

export const treeChange: fc.Arbitrary<TreeChange> = fc.record<TreeChange>({
  kind: fc.constantFrom('set', 'set', 'set', 'remove', 'rename', 'add', 'repeat', 'list', 'object'),
  which: fc.nat(400),
  key: fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 8 })),
  value: fc.oneof(
    { arbitrary: fc.constantFrom(...VALUES), weight: 4 },
    { arbitrary: fc.json({ maxDepth: 2 }), weight: 1 },
  ),
});

type Holder = Record<string, unknown> | unknown[];

/** Every value of a document by who holds it and under which key. */
function placesOf(document: unknown): { holder: Holder; key: string }[] {
  const places: { holder: Holder; key: string }[] = [];
  const open: unknown[] = [document];
  while (open.length > 0 && places.length < 2_000) {
    const holder = open.shift();
    if (typeof holder !== 'object' || holder === null) continue;
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder: holder as Holder, key });
      open.push(value);
    }
  }
  return places;
}

/** Not an assignment, which would set the prototype for `__proto__`. */
const put = (holder: Holder, key: string, value: unknown): void => {
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
};

/** The sample as JSON text after the changes; a sample that is no JSON stays as it is. */
export function documentOf(sample: string, changes: readonly TreeChange[]): string {
  let root: { document: unknown };
  try {
    root = { document: JSON.parse(sample) };
  } catch {
    return sample;
  }
  for (const change of changes) apply(root, change);
  return JSON.stringify(root.document) ?? 'null';
}

function apply(root: { document: unknown }, { kind, which, key, value }: TreeChange): void {
  const places = placesOf(root);
  const place = places[which % places.length];
  if (place === undefined) return;
  const { holder } = place;
  const old: unknown = Reflect.get(holder, place.key);
  switch (kind) {
    case 'set':
      put(holder, place.key, JSON.parse(value));
      return;
    case 'remove':
      if (holder !== root) Reflect.deleteProperty(holder, place.key);
      return;
    case 'rename':
      if (holder === root || Array.isArray(holder)) return;
      Reflect.deleteProperty(holder, place.key);
      put(holder, key, old);
      return;
    case 'add':
      if (typeof old === 'object' && old !== null && !Array.isArray(old)) {
        put(old as Holder, key, JSON.parse(value));
      } else if (Array.isArray(old)) old.push(JSON.parse(value));
      return;
    case 'repeat':
      if (Array.isArray(holder)) holder.push(structuredClone(old));
      return;
    case 'list':
      put(holder, place.key, [old]);
      return;
    case 'object': {
      const outer = {};
      put(outer, key, old);
      put(holder, place.key, outer);
      return;
    }
  }
}
