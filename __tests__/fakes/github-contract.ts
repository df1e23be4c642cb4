import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';

/** GitHub's own description of the calls, cut by `scripts/derive-github-api.mjs`. */
const DESCRIPTION = JSON.parse(readFileSync('__tests__/recorded/github-api.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { parameters: Record<string, Parameter> };
};

interface Operation {
  readonly parameters?: readonly ({ $ref: string } | Parameter)[];
  readonly requestBody?: object;
  readonly responses: Record<string, { $ref?: string; content?: object }>;
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: { readonly type: string };
}

export interface Call {
  readonly path: string;
  readonly method: string;
  /** By name in the template. */
  readonly parameters: Readonly<Record<string, string>>;
}

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat('uri', (text: string) => URL.canParse(text));
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
ajv.addSchema(DESCRIPTION, 'api');

const schemas = new Map<string, ValidateFunction>();
function problemsAt(pointer: readonly string[], value: unknown): string[] {
  const reference = `api#/${pointer.map((one) => encodeURIComponent(one.replaceAll('/', '~1'))).join('/')}`;
  const schema = schemas.get(reference) ?? ajv.compile({ $ref: reference });
  schemas.set(reference, schema);
  return schema(value)
    ? []
    : (schema.errors ?? []).map((error) => `${reference}: ${ajv.errorsText([error])}`);
}

/** The described call that a request is, if it is one. */
export function callOf(method: string, url: string): Call | undefined {
  for (const [path, methods] of Object.entries(DESCRIPTION.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const values = new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(url);
    if (values !== null && method.toLowerCase() in methods)
      return {
        path,
        method: method.toLowerCase(),
        parameters: Object.fromEntries(names.map((name, at) => [name, values[at + 1] ?? ''])),
      };
  }
  return undefined;
}

const operationOf = ({ path, method }: Call): Operation =>
  DESCRIPTION.paths[path]?.[method] as Operation;

const parameterOf = (one: { $ref: string } | Parameter): Parameter =>
  '$ref' in one
    ? (DESCRIPTION.components.parameters[one.$ref.split('/').at(-1) ?? ''] as Parameter)
    : one;

/** What is wrong with a request by the description; also fields that it does not have, which GitHub would drop without a word. */
export function requestProblems(call: Call, query: URLSearchParams, body: unknown): string[] {
  const operation = operationOf(call);
  const parameters = (operation.parameters ?? []).map(parameterOf);
  const typed = (place: Parameter['in'], name: string, value: string): string[] => {
    const parameter = parameters.find((one) => one.in === place && one.name === name);
    if (parameter === undefined) return [`no ${place} parameter ${name}`];
    const isGood = parameter.schema.type !== 'integer' || /^\d+$/.test(value);
    return isGood ? [] : [`${name}=${value} is no integer`];
  };
  const problems = [
    ...Object.entries(call.parameters).flatMap(([name, value]) => typed('path', name, value)),
    ...[...query].flatMap(([name, value]) => typed('query', name, value)),
  ];
  if (operation.requestBody === undefined)
    return body === undefined ? problems : [...problems, 'a body where none is taken'];
  const pointer = [
    'paths',
    call.path,
    call.method,
    'requestBody',
    'content',
    'application/json',
    'schema',
  ];
  return [...problems, ...problemsAt(pointer, body), ...unknownFields(pointer, body)];
}

function unknownFields(pointer: readonly string[], body: unknown): string[] {
  const schema = pointer.reduce(
    (inner: unknown, key) => (inner as Record<string, unknown>)[key],
    DESCRIPTION,
  );
  const visit = (value: unknown, described: unknown, at: string): string[] => {
    const { properties, items } = described as { properties?: object; items?: object };
    if (Array.isArray(value)) return value.flatMap((one) => visit(one, items ?? {}, `${at}[]`));
    if (typeof value !== 'object' || value === null || properties === undefined) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      key in properties
        ? visit(inner, (properties as Record<string, unknown>)[key], `${at}.${key}`)
        : [`unknown field ${at}.${key}`],
    );
  };
  return visit(body, schema, 'body');
}

/**
 * What is wrong with an answer by the description. A status that it does not have for the call (403, 429 and 500 hold for all calls) is held against its
 * `basic-error`.
 */
export function responseProblems(call: Call, status: number, body: unknown): string[] {
  const response = operationOf(call).responses[String(status)];
  if (response?.$ref !== undefined) {
    const [, ...pointer] = response.$ref.split('/');
    return problemsAt([...pointer, 'content', 'application/json', 'schema'], body);
  }
  if (response?.content === undefined)
    return status === 204 ? [] : problemsAt(['components', 'schemas', 'basic-error'], body);
  const pointer = ['paths', call.path, call.method, 'responses', String(status)];
  return problemsAt([...pointer, 'content', 'application/json', 'schema'], body);
}

/** https://docs.github.com/graphql/reference/mutations and /input-objects, as far as they are used. */
const MUTATIONS: Record<string, { input: Record<string, RegExp>; payload: string }> = {
  minimizeComment: {
    input: {
      subjectId: /^\$subjectId$/,
      classifier: /^(?:SPAM|ABUSE|OFF_TOPIC|OUTDATED|DUPLICATE|RESOLVED|LOW_QUALITY)$/,
    },
    payload: 'minimizedComment',
  },
  unminimizeComment: { input: { subjectId: /^\$subjectId$/ }, payload: 'unminimizedComment' },
};

export interface GraphqlCall {
  readonly field: string;
  readonly input: Readonly<Record<string, string>>;
}

/** The one field that a document asks for, or what is wrong with it. */
export function graphqlCall(body: unknown): GraphqlCall | string {
  const { query, variables = {} } = body as { query?: string; variables?: Record<string, unknown> };
  if (typeof query !== 'string') return 'no query';
  if (query === 'query { viewer { login } }') return { field: 'viewer', input: {} };
  const shape =
    /^mutation \(\$subjectId: ID!\) \{ (\w+)\(input: \{ (.*?) \}\) \{ (\w+) \{ isMinimized \} \} \}$/;
  const [, field = '', given = '', payload] = shape.exec(query) ?? [];
  const mutation = MUTATIONS[field];
  if (mutation === undefined || payload !== mutation.payload) return `not documented: ${query}`;
  const input = Object.fromEntries(
    given.split(', ').map((one) => one.split(': ') as [string, string]),
  );
  for (const [name, value] of Object.entries(mutation.input))
    if (!value.test(input[name] ?? '')) return `${field}: ${name} is ${input[name]}`;
  const more = Object.keys(input).filter((name) => !(name in mutation.input));
  if (more.length > 0) return `${field}: no such field ${more}`;
  const { subjectId } = variables;
  return typeof subjectId === 'string' && Object.keys(variables).length === 1
    ? { field, input: { ...input, subjectId } }
    : `${field}: variables ${JSON.stringify(variables)}`;
}
