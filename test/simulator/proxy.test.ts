import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { openFetch } from '../../src/core/teachers/http';
import { startSimulator, type Simulator } from './server';

describe('requests through a company’s proxy', () => {
  let simulator: Simulator;
  let proxy: Server;
  let tunnels: number;

  beforeEach(async () => {
    simulator = await startSimulator();
    tunnels = 0;
    proxy = createServer();
    proxy.on('connect', (request, socket, head) => {
      tunnels++;
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        target.write(head);
        target.pipe(socket).pipe(target);
      });
      target.on('error', () => socket.destroy());
      socket.on('error', () => target.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
  });

  afterEach(async () => {
    await simulator.close();
    proxy.close();
    proxy.closeAllConnections();
  });

  async function tunnelsUsed(env: Readonly<Record<string, string>>): Promise<number> {
    const address = proxy.address();
    assert.ok(address !== null && typeof address === 'object');
    const fetch = await openFetch({ HTTP_PROXY: `http://127.0.0.1:${address.port}`, ...env });
    const response = await fetch(`${simulator.url}/v1/models`);
    assert.match(await response.text(), /gpt-6-luna/);
    return tunnels;
  }

  it('go through it', async () => {
    assert.equal(await tunnelsUsed({ NO_PROXY: 'example.org' }), 1);
  });

  it('do not where NO_PROXY says so, nor to this machine when it says nothing', async () => {
    assert.equal(await tunnelsUsed({ NO_PROXY: '127.0.0.1' }), 0);
    assert.equal(await tunnelsUsed({}), 0);
  });
});
