import { connect, createServer, type Server } from 'node:net';

export interface Weakness {
  /** Bytes of an answer after which the connection is dropped; counted over each connection. */
  dropAfter?: number;
  /** An answer in the place of the registry's. */
  answer?: string;
  /** Never answers. */
  stalls?: boolean;
  /** Changes one byte of each answer beyond so many bytes. */
  corruptAfter?: number;
  /** Connections that are treated so; later ones are passed on whole. */
  times?: number;
}

export interface Proxy {
  /** `127.0.0.1:PORT`. */
  address: string;
  /** Connections that were treated badly. */
  harmed: () => number;
  close: () => Promise<void>;
}

/** A weak network in front of a registry: every connection is passed on, and harmed as told. */
export const startProxy = async (registry: string, weakness: Weakness): Promise<Proxy> => {
  const [host = '', port = ''] = registry.split(':');
  let harmed = 0;
  const open = new Set<{ destroy: () => void }>();
  const server: Server = createServer((client) => {
    open.add(client);
    client.on('error', () => {});
    client.on('close', () => open.delete(client));
    const harm = harmed < (weakness.times ?? Number.POSITIVE_INFINITY);
    if (harm && weakness.stalls) {
      harmed += 1;
      return;
    }
    const { answer } = weakness;
    if (harm && answer !== undefined) {
      harmed += 1;
      client.once('data', () => client.end(answer));
      return;
    }
    const upstream = connect(Number(port), host);
    open.add(upstream);
    upstream.on('close', () => open.delete(upstream));
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream);
    let sent = 0;
    let counted = false;
    const count = (): void => {
      if (!counted) harmed += 1;
      counted = true;
    };
    upstream.on('data', (chunk: Buffer) => {
      const { dropAfter, corruptAfter } = weakness;
      if (harm && dropAfter !== undefined && sent + chunk.length > dropAfter) {
        count();
        client.write(chunk.subarray(0, dropAfter - sent), () => client.resetAndDestroy());
        upstream.destroy();
        return;
      }
      if (harm && corruptAfter !== undefined && sent + chunk.length > corruptAfter) {
        count();
        const at = Math.max(corruptAfter - sent, 0);
        chunk[at] = (chunk[at] ?? 0) ^ 0xff;
      }
      sent += chunk.length;
      client.write(chunk);
    });
    upstream.on('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const number = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    address: `127.0.0.1:${number}`,
    harmed: () => harmed,
    close: () =>
      new Promise((resolve) => {
        for (const one of open) one.destroy();
        server.close(() => resolve());
      }),
  };
};
