/** The files of a run folder that others look for. Without zod: the editor reads these names as it starts. */
export const manifestFile = 'run.json';
export const lockFile = 'run.lock';
