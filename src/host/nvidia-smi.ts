import { XMLParser } from 'fast-xml-parser';
import type { HostDriver, HostGpu } from '../core/facts.js';

/** What one call of nvidia-smi told. */
export interface SmiFacts {
  readonly driver?: HostDriver;
  readonly gpus?: HostGpu[];
}

const LOG_END = '</nvidia_smi_log>';

/**
 * `nvidia-smi -q -x`: the only form that has the CUDA version. Values stay text, so that `550.54` is not a number.
 * @returns no facts when the text is not nvidia-smi's XML
 */
export function parseSmiXml(text: string): SmiFacts {
  const start = text.indexOf('<nvidia_smi_log');
  if (start === -1) return {};
  // Warnings can follow the document.
  const end = text.lastIndexOf(LOG_END);
  const parser = new XMLParser({
    parseTagValue: false,
    processEntities: false,
    ignoreAttributes: false,
    isArray: (name) => name === 'gpu',
  });
  const log = field(
    parse(parser, text.slice(start, end === -1 ? undefined : end + LOG_END.length)),
    'nvidia_smi_log',
  );
  if (log === undefined) return {};
  const version = text1(log, 'driver_version');
  const cuda = text1(log, 'cuda_version');
  const gpus = field(log, 'gpu');
  return {
    ...(version === undefined && cuda === undefined
      ? {}
      : {
          driver: {
            ...(version === undefined ? {} : { version }),
            ...(cuda === undefined ? {} : { cuda }),
          },
        }),
    ...(Array.isArray(gpus)
      ? {
          gpus: gpus.map((gpu: unknown, index) =>
            gpuFrom({
              index: String(index),
              name: text1(gpu, 'product_name'),
              uuid: text1(gpu, 'uuid'),
              memory: text1(field(gpu, 'fb_memory_usage'), 'total'),
              mig: text1(field(gpu, 'mig_mode'), 'current_mig'),
            }),
          ),
        }
      : {}),
  };
}

/**
 * `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`, one GPU a line.
 * @param columns the columns in the order that they were asked for
 * Lines with another number of columns are messages, which can stand around the rows.
 * @returns no facts when no line is a row
 */
export function parseSmiCsv(text: string, columns: readonly string[]): SmiFacts {
  const rows = text
    .split(/\r?\n/)
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter((row) => row.length === columns.length);
  if (rows.length === 0) return {};
  const records = rows.map(
    (row) => new Map(columns.map((column, at) => [column, said(row[at] ?? '')])),
  );
  const version = records[0]?.get('driver_version');
  return {
    ...(version === undefined ? {} : { driver: { version } }),
    gpus: records.map((row, at) =>
      gpuFrom({
        index: row.get('index') ?? String(at),
        name: row.get('name'),
        uuid: row.get('uuid'),
        memory: row.get('memory.total'),
        mig: row.get('mig.mode.current'),
        computeCapability: row.get('compute_cap'),
      }),
    ),
  };
}

/** Both forms of the same machine, GPUs joined by UUID, else by index; the XML leads. */
export function mergeSmi(xml: SmiFacts, csv: SmiFacts): SmiFacts {
  const driver = { ...csv.driver, ...xml.driver };
  const gpus = xml.gpus?.map((gpu) => ({
    ...csv.gpus?.find((other) =>
      gpu.uuid === undefined || other.uuid === undefined
        ? other.index === gpu.index
        : other.uuid === gpu.uuid,
    ),
    ...gpu,
  }));
  const all = gpus ?? csv.gpus;
  return {
    ...(Object.keys(driver).length === 0 ? {} : { driver }),
    ...(all === undefined ? {} : { gpus: all }),
  };
}

interface RawGpu {
  index: string;
  name: string | undefined;
  uuid: string | undefined;
  memory: string | undefined;
  mig: string | undefined;
  computeCapability?: string | undefined;
}

function gpuFrom(raw: RawGpu): HostGpu {
  const memory = /^(\d+)(?:\s*MiB)?$/.exec(raw.memory ?? '')?.[1];
  const index = /^\d+$/.test(raw.index) ? Number(raw.index) : undefined;
  return {
    ...(index === undefined ? {} : { index }),
    ...(raw.name === undefined ? {} : { name: raw.name }),
    ...(raw.computeCapability === undefined ? {} : { computeCapability: raw.computeCapability }),
    ...(raw.uuid === undefined ? {} : { uuid: raw.uuid }),
    ...(memory === undefined ? {} : { memoryMiB: Number(memory) }),
    ...(raw.mig === 'Enabled' || raw.mig === 'Disabled' ? { mig: raw.mig === 'Enabled' } : {}),
  };
}

function parse(parser: XMLParser, text: string): unknown {
  try {
    return parser.parse(text);
  } catch {
    return undefined;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

const text1 = (value: unknown, name: string): string | undefined => {
  const found = field(value, name);
  return typeof found === 'string' ? said(found) : undefined;
};

/** nvidia-smi writes `N/A`, `[N/A]` or `[Not Supported]` for what it does not know. */
const said = (text: string): string | undefined =>
  text === '' || /^\[?(?:N\/A|Not Supported|Unknown Error|Insufficient Permissions)\]?$/i.test(text)
    ? undefined
    : text;
