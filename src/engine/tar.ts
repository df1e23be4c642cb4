import { pack } from 'tar-stream';

/** A tar archive of one executable file at the archive's root, owned by root, with a fixed date. */
export async function tarOfProgram(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const archive = pack();
  archive.entry(
    { name, mode: 0o555, uid: 0, gid: 0, mtime: new Date(0) },
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
