/** How the keys of each provider look. Only to catch a wrong paste: gateways make keys of other shapes. */
const shapes: readonly { readonly keyName: string; readonly shape: RegExp }[] = [
  { keyName: 'ANTHROPIC_API_KEY', shape: /^sk-ant-[\w-]{20,}$/u },
  { keyName: 'OPENROUTER_API_KEY', shape: /^sk-or-[\w-]{20,}$/u },
  { keyName: 'DEEPSEEK_API_KEY', shape: /^sk-[0-9a-f]{32}$/u },
  { keyName: 'OPENAI_API_KEY', shape: /^sk-(?!ant-|or-)[\w-]{20,}$/u },
  { keyName: 'TOGETHER_API_KEY', shape: /^(?:[0-9a-f]{64}|tgp_v1_[\w-]{20,})$/u },
];

export type KeyDoubt =
  | { readonly kind: 'empty' }
  | { readonly kind: 'blank_inside' }
  /** It looks like the key of another provider. */
  | { readonly kind: 'another'; readonly keyName: string }
  | { readonly kind: 'unusual' };

/** What speaks against this being the provider's key; nothing is sent anywhere. Only the first two are refused. */
export function doubtAbout(keyName: string, key: string): KeyDoubt | undefined {
  const text = key.trim();
  if (text === '') return { kind: 'empty' };
  if (/\s/u.test(text)) return { kind: 'blank_inside' };
  const own = shapes.find((one) => one.keyName === keyName);
  if (own === undefined || own.shape.test(text)) return undefined;
  const other = shapes.find((one) => one.keyName !== keyName && one.shape.test(text));
  return other === undefined ? { kind: 'unusual' } : { kind: 'another', keyName: other.keyName };
}
