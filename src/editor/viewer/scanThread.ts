import type { Worker } from 'node:worker_threads';
import { connect, type Client } from '../../protocol/channel';
import { scanContract, type ScanContract } from '../../protocol/scan';
import { startThread, threadPort } from './threadPort';

/** A thread for what takes long or much memory, started when it is first needed. */
export class ScanThread {
  private started: { readonly worker: Worker; readonly client: Client<ScanContract> } | undefined;
  private running = 0;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly dist: string,
    private readonly report: (problem: Error) => void,
    private readonly listen: (client: Client<ScanContract>) => void,
    /** It ends, with all that it holds, when it was not asked for so long. */
    private readonly idleMs = Infinity,
  ) {}

  readonly call: Client<ScanContract>['call'] = async (name, params, signal) => {
    clearTimeout(this.idle);
    this.running++;
    try {
      this.started ??= this.start();
      return await this.started.client.call(name, params, signal);
    } finally {
      this.running--;
      if (this.running === 0 && this.idleMs < Infinity) this.idle = setTimeout(() => this.dispose(), this.idleMs);
    }
  };

  dispose(): void {
    clearTimeout(this.idle);
    this.started?.client.close();
    void this.started?.worker.terminate();
    this.started = undefined;
  }

  private start(): { worker: Worker; client: Client<ScanContract> } {
    const worker = startThread(this.dist, 'scan');
    const client = connect(threadPort(worker), scanContract, this.report);
    worker.on('error', (error) => {
      this.report(error);
      client.close(error);
      this.started = undefined;
    });
    this.listen(client);
    return { worker, client };
  }
}
