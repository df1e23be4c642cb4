import type { Facts } from '../core/facts.js';
import type { Finding } from '../core/finding.js';

/** Findings that a text shows, most likely cause first; empty when nothing in it is known. `facts` decide what the text alone leaves open. */
export function recognise(_text: string, _facts?: Facts): Finding[] {
  return [];
}

/** Everything that the texts inside a facts document show: the engine's failure text and the frameworks' errors. */
export function recogniseFacts(_facts: Facts): Finding[] {
  return [];
}
