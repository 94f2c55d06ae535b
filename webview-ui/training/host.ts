import { type Client, connect } from '../../src/protocol/channel';
import { trainingContract, type TrainingContract } from '../../src/protocol/training';
import { firstId, saveState, vscodePort } from '../port';

export const host: Client<TrainingContract> = connect(
  vscodePort,
  trainingContract,
  (error) => {
    console.error(error);
  },
  firstId,
);

/** A window that is opened again finds the job by this. */
export function remember(folder: string): void {
  saveState({ folder });
}
