import { given, headline, lines, sentences, short } from '../phrases.js';
import type { Words } from '../words.js';

export const words: Words = ({ data }) => ({
  title: headline(
    `The waiver${given(data.clause, (c) => ` for ${short(c, 50)}`) ?? ''} expired${given(data.text, (t) => ` on ${short(t, 30)}`) ?? ''}`,
  ),
  why: sentences(
    'The finding was accepted until a date, and that date has passed: it counts again.',
    ...(data.notes ?? []),
  ),
  fixes: lines(
    'Fix the cause: see the finding that the waiver names',
    'Or renew the waiver with a new date and a reason',
  ),
});
