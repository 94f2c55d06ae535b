/** The name under which a folder's rules are looked for. Apart from them, so that looking costs no parser. */
export const rulesFile = 'distillery.rules.yaml';
