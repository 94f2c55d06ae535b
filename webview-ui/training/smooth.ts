/**
 * An exponential moving average, corrected for its start as TensorBoard does it; gaps stay gaps. `weight` 0 is the
 * series itself.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let average = 0;
  let seen = 0;
  return values.map((value) => {
    if (value === null) return null;
    average = average * weight + (1 - weight) * value;
    seen++;
    return weight === 0 ? value : average / (1 - weight ** seen);
  });
}
