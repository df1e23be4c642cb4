import type { Words } from '../words.js';

export const words: Words = () => ({
  title: 'Fell off the bus, Xid, hardware or BIOS set-up',
  why: 'fell off the bus, Xid, hardware or BIOS set-up',
  fixes: [],
});
