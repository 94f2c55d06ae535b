import type { ChildProcess } from 'node:child_process';
import { connect, type Client } from '../../protocol/channel';
import { scanContract, type ScanContract } from '../../protocol/scan';
import { processPort } from './processPort';
import { onFailure, startProcess } from './viewerProcess';

/** A process for what takes long or much memory, started when it is first needed. */
export class ScanProcess {
  private started: { readonly child: ChildProcess; readonly client: Client<ScanContract> } | undefined;
  /** Counts up with each process: what an earlier one has found is gone. */
  starts = 0;
  private running = 0;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly dist: string,
    private readonly report: (problem: Error) => void,
    private readonly listen: (client: Client<ScanContract>) => void,
    /** It ends, with all that it holds, when it was not asked for so long. */
    private readonly idleMs: number,
  ) {}

  readonly call: Client<ScanContract>['call'] = async (name, params, signal) => {
    clearTimeout(this.idle);
    this.running++;
    try {
      this.started ??= this.start();
      return await this.started.client.call(name, params, signal);
    } finally {
      this.running--;
      if (this.running === 0) this.idle = setTimeout(() => this.dispose(), this.idleMs);
    }
  };

  get isRunning(): boolean {
    return this.started !== undefined;
  }

  dispose(): void {
    clearTimeout(this.idle);
    const { started } = this;
    this.started = undefined;
    started?.client.close();
    started?.child.kill();
  }

  private start(): { child: ChildProcess; client: Client<ScanContract> } {
    this.starts++;
    const child = startProcess(this.dist, 'scan');
    const client = connect(processPort(child), scanContract, this.report);
    onFailure(child, (error) => {
      this.report(error);
      client.close(error);
      this.started = undefined;
    });
    this.listen(client);
    return { child, client };
  }
}
