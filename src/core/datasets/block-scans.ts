import type { Scan } from './blocks';
import { checkScan } from './check/check-scan';
import { pairScan } from './pairs';
import { rowScan } from './row-scan';

/** The scan of that name, on a thread. @throws {ZodError} a configuration that is not the scan's own */
export async function startScan(name: string, config: unknown): Promise<Scan<unknown>> {
  switch (name) {
    case pairScan.name:
      return pairScan.prepare(pairScan.config.parse(config));
    case rowScan.name:
      return rowScan.prepare(rowScan.config.parse(config));
    case checkScan.name:
      return checkScan.prepare(checkScan.config.parse(config));
    default:
      throw new RangeError(`There is no scan ${name}.`);
  }
}
