// Costs of services, for who pays what.

import { fen, yuan } from './answers.js';
import { labelled, make, select } from './dom.js';
import { decide, state } from './state.js';
import { say } from './words.js';

const SETTINGS = ['home', 'community', 'institution'];

function changed() {
  state.saved = false;
  decide();
}

function drawCost(cost, at, again) {
  const settings = SETTINGS.map((key) => [key, say(key)]);
  const amount = make('input', {
    id: `cost-${at}`,
    type: 'text',
    inputmode: 'decimal',
    autocomplete: 'off',
    value: cost.fen ? yuan(cost.fen) : '',
    on: {
      change: (event) => {
        const taken = fen(event.target.value);
        event.target.setAttribute('aria-invalid', String(taken === undefined));
        if (taken === undefined) return;
        cost.fen = taken;
        changed();
      },
    },
  });
  const remove = () => {
    state.case.costs.splice(at, 1);
    changed();
    again();
  };
  return make('div.card', {},
    make('div.pair', {},
      labelled(say('setting'), select(`setting-${at}`, settings, cost.setting, (value) => {
        cost.setting = value;
        changed();
      })),
      labelled(say('amount', { month: cost.month }), amount)),
    make('button.quiet-button', { type: 'button', on: { click: remove } }, say('removeCost')));
}

export function drawCosts(again) {
  const { costs, as_of: asOf } = state.case;
  const add = () => {
    costs.push({ setting: 'home', month: asOf.slice(0, 7), fen: 0 });
    changed();
    again();
    document.getElementById(`cost-${costs.length - 1}`)?.focus();
  };
  return [
    make('p.hint', {}, say('costsHint')),
    costs.map((cost, at) => drawCost(cost, at, again)),
    make('button.quiet-button', { type: 'button', id: 'add-cost', on: { click: add } }, `＋ ${say('addCost')}`),
  ];
}
