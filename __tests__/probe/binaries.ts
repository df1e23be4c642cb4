/** Makes small files with device code, byte by byte, so that a reader is tested where there is no compiler for it. */

interface EntryParts {
  /** 1 PTX, 2 a cubin. */
  readonly kind?: number;
  readonly target?: number;
  readonly flags?: number;
  /** Of PTX: major and minor version of its instruction set. */
  readonly isa?: readonly [number, number];
  readonly headerBytes?: number;
  readonly payload?: Uint8Array;
  /** As the header says it, where that is not the truth. */
  readonly payloadBytes?: bigint;
}

export const FLAG = { lz4: 0x2000, zstd: 0x8000, a: 0x100000, f: 0x200000 } as const;

/** One entry of a container. */
export function entry(parts: EntryParts = {}): Buffer {
  const { kind = 2, target = 80, flags = 0x11, isa = [8, 5], headerBytes = 64 } = parts;
  const payload = parts.payload ?? Buffer.alloc(16);
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16LE(kind, 0);
  header.writeUInt16LE(0x101, 2);
  header.writeUInt32LE(headerBytes, 4);
  header.writeBigUInt64LE(parts.payloadBytes ?? BigInt(payload.length), 8);
  header.writeUInt32LE(payload.length, 16);
  header.writeUInt16LE(isa[1], 24);
  header.writeUInt16LE(isa[0], 26);
  header.writeUInt32LE(target, 28);
  header.writeBigUInt64LE(BigInt(flags), 40);
  return Buffer.concat([header, payload]);
}

/** A container of entries; `bytes` is what its header says of its size. */
export function container(entries: readonly Uint8Array[], bytes?: bigint): Buffer {
  const all = Buffer.concat(entries);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0xba55ed50, 0);
  header.writeUInt16LE(1, 4);
  header.writeUInt16LE(16, 6);
  header.writeBigUInt64LE(bytes ?? BigInt(all.length), 8);
  return Buffer.concat([header, all]);
}

interface ElfParts {
  readonly bits?: 32 | 64;
  readonly machine?: number;
  readonly flags?: number;
  /** EI_OSABI and EI_ABIVERSION. */
  readonly abi?: readonly [number, number];
  readonly sections?: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Leaves the table of sections out, as `sstrip` does; one segment then has all the bytes. */
  readonly stripped?: boolean;
}

export const MACHINE = { x86_64: 62, aarch64: 183, cuda: 190 } as const;

/** An ELF file with these sections, each aligned to 8 bytes. */
export function elf(parts: ElfParts = {}): Buffer {
  const { bits = 64, machine = MACHINE.x86_64, sections = [], stripped = false } = parts;
  const wide = bits === 64;
  const [headerBytes, segmentBytes, sectionBytes] = wide ? [64, 56, 64] : [52, 32, 40];
  const names = `\0${[...sections.map(({ name }) => name), '.shstrtab'].join('\0')}\0`;
  const all = [...sections, { name: '.shstrtab', bytes: Buffer.from(names) }];
  let at = (headerBytes + segmentBytes + 7) & ~7;
  const pieces: Buffer[] = [];
  const places = all.map(({ bytes }) => {
    const place = at;
    const padded = Buffer.alloc((bytes.length + 7) & ~7);
    padded.set(bytes);
    pieces.push(padded);
    at += padded.length;
    return place;
  });
  const header = Buffer.alloc((headerBytes + segmentBytes + 7) & ~7);
  const word = (value: number, offset: number, into = header): void => {
    if (wide) into.writeBigUInt64LE(BigInt(value), offset);
    else into.writeUInt32LE(value, offset);
  };
  header.write('\x7fELF', 0, 'latin1');
  header.set([wide ? 2 : 1, 1, 1, ...(parts.abi ?? [0, 0])], 4);
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  word(headerBytes, wide ? 32 : 28);
  word(stripped ? 0 : at, wide ? 40 : 32);
  header.writeUInt32LE(parts.flags ?? 0, wide ? 48 : 36);
  const sizes = wide ? 52 : 40;
  header.writeUInt16LE(headerBytes, sizes);
  header.writeUInt16LE(segmentBytes, sizes + 2);
  header.writeUInt16LE(1, sizes + 4);
  header.writeUInt16LE(sectionBytes, sizes + 6);
  header.writeUInt16LE(stripped ? 0 : all.length + 1, sizes + 8);
  header.writeUInt16LE(stripped ? 0 : all.length, sizes + 10);
  // One segment, all of the file, readable.
  header.writeUInt32LE(1, headerBytes);
  word(0, headerBytes + (wide ? 8 : 4));
  word(at, headerBytes + (wide ? 32 : 16));
  word(at, headerBytes + (wide ? 40 : 20));
  if (stripped) return Buffer.concat([header, ...pieces]);
  const table = all.map(({ name, bytes }, index) => {
    const section = Buffer.alloc(sectionBytes);
    section.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, 0);
    section.writeUInt32LE(1, 4);
    word(places[index] ?? 0, wide ? 24 : 16, section);
    word(bytes.length, wide ? 32 : 20, section);
    return section;
  });
  return Buffer.concat([header, ...pieces, Buffer.alloc(sectionBytes), ...table]);
}

/** A static library of these members. */
export function archive(members: readonly Uint8Array[]): Buffer {
  const all = members.flatMap((bytes, index) => [
    Buffer.from(`${`${index}.o/`.padEnd(48)}${String(bytes.length).padEnd(10)}\`\n`, 'latin1'),
    bytes,
    Buffer.alloc(bytes.length % 2, '\n'),
  ]);
  return Buffer.concat([Buffer.from('!<arch>\n'), ...all]);
}

/** One LZ4 block that holds the bytes as they are. */
export function lz4Literals(bytes: Uint8Array): Buffer {
  const length: number[] = [];
  let left = bytes.length - 15;
  if (left < 0) return Buffer.concat([Buffer.from([bytes.length << 4]), bytes]);
  for (; left >= 255; left -= 255) length.push(255);
  return Buffer.concat([Buffer.from([0xf0, ...length, left]), bytes]);
}
