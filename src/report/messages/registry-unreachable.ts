import { given, headline, lines, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `${given(data.registry, (v) => short(v, 60)) ?? 'The registry'} cannot be reached from this runner`,
  ),
  why: 'Name resolution, the connection, TLS or the server itself failed, so the image could not be read. Nothing is known about the GPU side yet.',
  fixes: lines(
    `See what it answers: curl -sSI https://${given(data.registry, (v) => short(v, 100)) ?? 'REGISTRY'}/v2/`,
    'Behind a proxy, give it to the daemon, which is what pulls: set HTTPS_PROXY in /etc/systemd/system/docker.service.d/proxy.conf, then `sudo systemctl daemon-reload && sudo systemctl restart docker`',
    'For a registry with its own certificate authority, put the CA into /etc/docker/certs.d/REGISTRY/ca.crt',
    'Try again: time-outs and 5xx answers often pass',
  ),
});
