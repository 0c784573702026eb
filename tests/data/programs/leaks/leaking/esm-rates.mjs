// The other half of esm.mjs.
class Rate { constructor(pair) { this.pair = pair; this.value = Math.sqrt(pair.length); } }
export const rates = new Map();
export function rateFor(pair) {
  if (!rates.has(pair)) rates.set(pair, new Rate(pair));
  return rates.get(pair);
}
