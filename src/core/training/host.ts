/** A machine that trains. What differs between this one and one behind SSH, and nothing else. */
export interface Host {
  /** For the person: `this machine`, or the host's name. */
  readonly name: string;
  /** Whether job folders lie here already. */
  readonly local: boolean;
  /** Runs a program to its end. Words are never read by a shell here, and reach one there only quoted. */
  run(command: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Copies what is in a folder here to a folder there, which is made, without what matches `exclude`. */
  send(folder: string, target: string, exclude: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Copies what is in a folder there to a folder here, without what matches `exclude`. */
  fetch(source: string, folder: string, exclude: readonly string[], signal?: AbortSignal): Promise<void>;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Goes to its stdin. */
  readonly input?: string;
  /** Each line of its stdout, as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}
