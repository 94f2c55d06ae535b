import type { Worker } from 'node:worker_threads';
import { connect, type Client } from '../../protocol/channel';
import { scanContract, type ScanContract } from '../../protocol/scan';
import { startThread, threadPort } from './threadPort';

/** A thread that reads whole files, started when it is first needed. */
export class ScanThread {
  private started: { readonly worker: Worker; readonly client: Client<ScanContract> } | undefined;

  constructor(
    private readonly dist: string,
    private readonly report: (problem: Error) => void,
    private readonly listen: (client: Client<ScanContract>) => void,
  ) {}

  get client(): Client<ScanContract> {
    this.started ??= this.start();
    return this.started.client;
  }

  dispose(): void {
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
