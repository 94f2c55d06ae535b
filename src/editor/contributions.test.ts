import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  Command,
  ContextKey,
  Setting,
  View,
  datasetViewer,
  evaluationReport,
  settings,
  walkthrough,
} from './contributions';
import type { SettingSpec } from './contributions';

const root = path.join(import.meta.dirname, '..', '..');
const readJson = (name: string): unknown => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
const manifestText = readFileSync(path.join(root, 'package.json'), 'utf8');

const property = z.looseObject({
  default: z.unknown(),
  scope: z.string(),
  markdownDescription: z.string(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
const menuItem = z.object({
  command: z.string().optional(),
  submenu: z.string().optional(),
  when: z.string().optional(),
  group: z.string().optional(),
});
const manifest = z
  .looseObject({
    activationEvents: z.array(z.string()),
    extensionKind: z.array(z.string()),
    capabilities: z.object({
      untrustedWorkspaces: z.object({ supported: z.string(), restrictedConfigurations: z.array(z.string()) }),
      virtualWorkspaces: z.object({ supported: z.string() }),
    }),
    contributes: z.looseObject({
      commands: z.array(
        z.looseObject({
          command: z.string(),
          category: z.string(),
          title: z.string(),
          enablement: z.string().optional(),
        }),
      ),
      menus: z.record(z.string(), z.array(menuItem.loose())),
      submenus: z.array(z.object({ id: z.string(), label: z.string() })),
      viewsContainers: z.object({
        activitybar: z.array(z.object({ id: z.string(), title: z.string(), icon: z.string() })),
      }),
      views: z.record(z.string(), z.array(z.looseObject({ id: z.string(), icon: z.string() }))),
      viewsWelcome: z.array(z.looseObject({ view: z.string(), contents: z.string(), when: z.string().optional() })),
      configuration: z.array(
        z.object({ title: z.string(), order: z.number(), properties: z.record(z.string(), property) }),
      ),
      customEditors: z.array(z.looseObject({ viewType: z.string() })).default([]),
      walkthroughs: z.array(
        z.looseObject({
          id: z.string(),
          steps: z.array(
            z.looseObject({
              description: z.string(),
              media: z.looseObject({ svg: z.string().optional(), image: z.string().optional(), altText: z.string() }),
              completionEvents: z.array(z.string()),
            }),
          ),
        }),
      ),
    }),
  })
  .parse(readJson('package.json'));
const texts = z.record(z.string(), z.string()).parse(readJson('package.nls.json'));
const { contributes } = manifest;
const properties = Object.fromEntries(
  contributes.configuration.flatMap((section) => Object.entries(section.properties)),
);

/** Every `when` and `enablement` of the manifest. */
const conditions = [
  ...Object.values(contributes.menus).flatMap((items) => items.map((item) => item.when ?? '')),
  ...contributes.commands.map((command) => command.enablement ?? ''),
  ...contributes.viewsWelcome.map((welcome) => welcome.when ?? ''),
];

describe('contributions', () => {
  it('every command of the table is in package.json, and the other way round', () => {
    assert.deepEqual(contributes.commands.map((one) => one.command).sort(), Object.values<string>(Command).sort());
  });

  it('every command is shown under the product name with a localised title', () => {
    for (const one of contributes.commands) {
      assert.equal(one.category, 'Distillery');
      assert.equal(one.title, `%command.${one.command.replace('distillery.', '')}%`);
    }
  });

  it('menus and links name commands that exist', () => {
    const known = new Set<string>(Object.values<string>(Command));
    const builtIn = new Set(['workbench.trust.manage', `${View.Runs}.focus`]);
    const submenus = new Set(contributes.submenus.map(({ id }) => id).filter((id) => id in contributes.menus));
    for (const items of Object.values(contributes.menus)) {
      for (const { command, submenu } of items) {
        assert.ok(submenu === undefined ? known.has(command ?? '') : submenus.has(submenu), command ?? submenu);
      }
    }
    for (const text of Object.values(texts)) {
      for (const [, id] of text.matchAll(/\(command:([\w.]+)/gu)) {
        assert.ok(id !== undefined && (known.has(id) || builtIn.has(id)), id);
      }
    }
  });

  it('what starts a run is neither offered nor enabled in Restricted Mode', () => {
    const spending = [Command.DistillDocument, Command.ResumeRun, Command.RetryFailed] as string[];
    for (const one of contributes.commands) {
      if (spending.includes(one.command)) assert.match(one.enablement ?? '', /isWorkspaceTrusted/u);
    }
    for (const item of Object.values(contributes.menus).flat()) {
      if (spending.includes(item.command ?? '')) assert.match(item.when ?? '', /isWorkspaceTrusted/u, item.command);
    }
  });

  it('every setting of the table is in package.json with the same default, scope and range, and the other way round', () => {
    assert.deepEqual(Object.keys(properties).sort(), Object.values<string>(Setting).sort());
    for (const [id, spec] of Object.entries<SettingSpec<unknown>>(settings)) {
      const declared = properties[id];
      assert.ok(declared, id);
      assert.deepEqual(declared.default, spec.default, id);
      assert.equal(declared.scope, spec.scope, id);
      assert.deepEqual([declared.minimum, declared.maximum], [spec.range?.[0], spec.range?.[1]], id);
      assert.ok(spec.accepts(declared.default), `${id} refuses its own default`);
    }
  });

  it('a value that somebody typed wrongly is not accepted', () => {
    const refused: readonly [Setting, unknown][] = [
      [Setting.Questions, 0],
      [Setting.Questions, 2.5],
      [Setting.Questions, '5'],
      [Setting.ConfirmAbove, -1],
      [Setting.ConfirmAbove, Number.NaN],
      [Setting.Formats, []],
      [Setting.Formats, ['csv']],
      [Setting.BaseUrls, { openai: 'ftp://example.com' }],
      [Setting.BaseUrls, ['http://example.com']],
      [Setting.Providers, { mine: { baseUrl: 'http://127.0.0.1:1' } }],
      [Setting.Prices, { 'a/b': { input: -1, output: 0 } }],
      [Setting.ApplyCorrections, 'yes'],
    ];
    for (const [setting, value] of refused)
      assert.equal(settings[setting].accepts(value), false, `${setting} ${String(value)}`);
  });

  it('addresses, prices and limits come from the person, never from a workspace', () => {
    const guarded = [Setting.BaseUrls, Setting.Providers, Setting.Prices, Setting.ConfirmAbove];
    for (const setting of guarded) assert.equal(properties[setting]?.scope, 'machine');
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    for (const setting of [Setting.BaseUrls, Setting.Providers, Setting.Prices]) {
      assert.ok(restrictedConfigurations.includes(setting), setting);
    }
  });

  it('every context key of ours that a condition names is in the table', () => {
    const known = new Set<string>([
      ...Object.values<string>(ContextKey),
      ...Object.values<string>(View),
      datasetViewer,
    ]);
    for (const condition of conditions) {
      for (const [name] of condition.matchAll(/distillery\.[\w.]+/gu))
        assert.ok(known.has(name), `${name} in ${condition}`);
    }
  });

  it('views, the custom editor and the walkthrough are those of the table', () => {
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(views.map((view) => view.id).sort(), Object.values<string>(View).sort());
    for (const view of Object.values<string>(View)) {
      assert.ok(
        contributes.viewsWelcome.some((welcome) => welcome.view === view),
        `${view} says nothing while it is empty`,
      );
    }
    assert.deepEqual(
      contributes.customEditors.map(({ viewType }) => viewType),
      [datasetViewer, evaluationReport],
    );
    assert.deepEqual(
      contributes.walkthroughs.map((one) => one.id),
      [walkthrough],
    );
  });

  it('every text that package.json asks for exists, and none is left over', () => {
    const asked = new Set([...manifestText.matchAll(/"%([\w.]+)%"/gu)].map(([, key]) => key));
    assert.deepEqual([...asked].sort(), Object.keys(texts).sort());
  });

  it('every picture that a view or the walkthrough shows exists and is described', () => {
    for (const step of contributes.walkthroughs.flatMap((one) => one.steps)) {
      assert.ok(existsSync(path.join(root, step.media.svg ?? step.media.image ?? 'nothing')), step.media.svg);
      assert.notEqual(step.completionEvents.length, 0);
    }
    for (const container of contributes.viewsContainers.activitybar) {
      assert.ok(existsSync(path.join(root, container.icon)), container.icon);
    }
  });

  it('nothing wakes the extension before it is needed', () => {
    assert.ok(!manifest.activationEvents.includes('*') && !manifest.activationEvents.includes('onStartupFinished'));
    assert.deepEqual(manifest.extensionKind, ['workspace']);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
  });
});
