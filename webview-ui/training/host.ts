import { z } from 'zod';
import { connect, type Client, type Port } from '../../src/protocol/channel';
import { trainingContract, type TrainingContract } from '../../src/protocol/training';

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

// zod would compile its parsers with `new Function`, which the content security policy forbids, as it should.
z.config({ jitless: true });

const api = acquireVsCodeApi();

const port: Port = {
  post: (message) => {
    api.postMessage(message);
  },
  listen: (receive) => {
    const hear = (event: MessageEvent<unknown>) => {
      receive(event.data);
    };
    window.addEventListener('message', hear);
    return () => {
      window.removeEventListener('message', hear);
    };
  },
};

export const host: Client<TrainingContract> = connect(port, trainingContract, (error) => {
  console.error(error);
});

/** A window that is opened again finds the job by this. */
export function remember(folder: string): void {
  api.setState({ folder });
}
