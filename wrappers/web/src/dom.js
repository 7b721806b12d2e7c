// Makes elements. Text only ever goes in as text, never as markup.

/** A mark beside a line of the report, by its kind. Words say the same. */
export const MARKS = { yes: '✓', no: '✗', open: '?', held: '○', info: 'i', warning: '!', plain: '·' };

/** The mark of evidence that is still to be checked: shown wherever such a result is. */
export const UNCHECKED = ' (C)';

/** `make('p.note', {id: 'x', on: {click}}, 'text', child)`; null and false are left out. */
export function make(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split('.');
  const element = document.createElement(tag || 'div');
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'on') {
      for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== false && child !== undefined));
  // A select shows its value only once its options are there.
  if ('value' in attributes && 'value' in element) element.value = attributes.value ?? '';
  return element;
}

export function refill(element, ...children) {
  element.replaceChildren(...children.flat(3).filter((child) => child));
}

/** A bar of `parts` (`{share, kind}`), shares of `whole`. It says nothing that words beside it do not. */
export function bar(parts, whole) {
  const drawn = parts.map(({ share, kind }) => {
    const part = make(`span.${kind}`);
    part.style.setProperty('flex-basis', `${(100 * share) / whole}%`);
    return part;
  });
  return make('div.bar', { 'aria-hidden': 'true' }, drawn);
}

/** A labelled control. */
export function labelled(label, control, hint) {
  const id = control.id;
  const line = [make('label', { for: id }, make('span.named', {}, label)), control];
  if (hint) {
    control.setAttribute('aria-describedby', `${id}-hint`);
    line.push(make('p.hint', { id: `${id}-hint` }, hint));
  }
  return make('div.field', {}, line);
}

/** A select of `[value, text]` pairs. */
export function select(id, options, value, act) {
  const choices = options.map(([key, text]) => make('option', { value: key }, text));
  return make('select', { id, value, on: { change: (event) => act(event.target.value) } }, choices);
}
