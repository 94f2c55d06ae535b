import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { connectionError, quoted, SshHost } from './ssh';

describe('a host behind SSH', () => {
  for (const name of ['-oProxyCommand=touch /tmp/x', '--', 'a b', 'host;ls', '$(id)', '', '-h', 'a\nb']) {
    it(`is not ${JSON.stringify(name)}`, async () => {
      await assert.rejects(SshHost.open(name), { code: 'bad_spec' });
    });
  }

  it('may have a person, a domain or an address', async () => {
    for (const name of ['gpu1', 'me@gpu1', 'me@gpu1.lab.example', '192.168.1.7'])
      assert.equal((await SshHost.open(name)).name, name);
  });

  it('gets words as they are, whatever is in them', function () {
    if (process.platform === 'win32') this.skip();
    const word = fc.string({ unit: 'binary-ascii', maxLength: 40 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (words) => {
        const command = ['printf', '%s\\n', ...words].map(quoted).join(' ');
        assert.equal(
          execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }),
          words.map((one) => `${one}\n`).join(''),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('says what to do when the way there fails', () => {
    assert.match(
      connectionError('gpu1', '@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.')
        .message,
      /ssh-keygen -R gpu1/,
    );
    assert.match(connectionError('gpu1', 'Host key verification failed.').message, /Connect once in a terminal/);
    assert.match(connectionError('gpu1', 'me@gpu1: Permission denied (publickey).').message, /ssh-copy-id gpu1/);
    assert.match(connectionError('gpu1', 'ssh: Could not resolve hostname gpu1').message, /cannot be reached/);
  });
});
