import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const id = 'distillery.distillery';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
}

describe('The extension in its host', () => {
  it('is installed and activates', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that the manifest promises', async () => {
    const extension = vscode.extensions.getExtension<unknown>(id);
    assert.ok(extension);
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const { contributes } = extension.packageJSON as Manifest;
    assert.ok(contributes.commands.length > 0);
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });

  it('has a sentence for every %key% of the manifest', () => {
    const extension = vscode.extensions.getExtension<unknown>(id);
    assert.ok(extension);
    assert.deepEqual(JSON.stringify(extension.packageJSON).match(/"%[\w.]+%"/g) ?? [], []);
  });
});
