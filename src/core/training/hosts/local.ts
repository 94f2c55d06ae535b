import type { Host } from '../host';
import { runChild } from './child';

/** This machine: the job folder is where it is. */
export const thisMachine: Host = {
  name: 'this machine',
  local: true,
  run([program = '', ...words], options = {}) {
    return runChild(program, words, options);
  },
  async send() {
    // Nothing to copy.
  },
  async fetch() {
    // Nothing to copy.
  },
};
