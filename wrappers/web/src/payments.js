// Who pays what: a stacked bar, and the same in words.

import { make, bar } from './dom.js';
import { state } from './state.js';
import { list, pair, say } from './words.js';

function share(payer, i, count) {
  return i === count - 1 ? 'own' : `fund${i % 3}`;
}

function drawPayment(payment, at) {
  const { payers, total } = payment;
  const known = total !== null && total !== undefined && total > 0;
  const rows = payers.map((payer, i) => {
    const kind = share(payer, i, payers.length);
    return make('tr', {},
      make('th', { scope: 'row' }, make(`span.swatch.${kind}`, { 'aria-hidden': 'true' }), payer.name),
      make('td', {}, payer.amount));
  });
  return make('figure.payment', {},
    make('figcaption', {}, make('span', {}, payment.heading), ' ', make('strong', {}, payment.total_text)),
    known ? bar(payers.map((payer, i) => ({ share: payer.fen, kind: share(payer, i, payers.length) })), total) : null,
    make('table', {}, make('tbody', {}, rows)),
    state.determination.payments[at].confidence === 'C' ? make('p.quiet', {}, say('gradeC')) : null,
    payment.alternatives.map((reading) =>
      make('p.quiet', {}, pair(reading.heading, list(reading.payers.map((payer) => `${payer.name} ${payer.amount}`))))));
}

/** The payments of the report, or nothing. */
export function drawPayments() {
  const payments = state.report?.payments ?? [];
  return payments.length ? [make('h3', {}, say('payments')), payments.map(drawPayment)] : null;
}
