/** Quizzes, predictions and what came of them, answered on the page; the answers stay in this browser. */
import { store, stored } from './storage.js';

/** Take over a question: its HTML and its declaration are in the form. @param {HTMLFormElement} form */
export function ask(form) {
  const question = JSON.parse(form.querySelector('script').textContent), place = `question/${question.name}`;
  const reply = { quiz: explain, predict: record, reveal: compare }[question.kind];
  const fields = [...form.querySelectorAll('[name=answer]')], { options } = question;
  form.hidden = false;
  form.addEventListener('submit', event => {
    event.preventDefault();
    const answer = options ? options[fields.findIndex(field => field.checked)]?.text : number(fields[0], question);
    if (question.kind === 'reveal') return say(form, ...compare(question, stored(place, '')));
    if (answer === undefined) return say(form, 'note', options ? 'Choose one of the answers first.'
      : `Give a number from ${question.low} to ${question.high}, such as ${(question.low + question.high) / 2}.`);
    store(place, answer);
    dispatchEvent(new Event('answered'));
    return show();
  });
  const show = () => {
    const answer = stored(place, null), at = options?.findIndex(({ text }) => text === answer);
    if (answer === null || at === -1) return;
    if (fields.length) Object.assign(fields[at ?? 0], options ? { checked: true } : { value: answer });
    say(form, ...reply(question, answer));
  };
  if (question.kind === 'reveal') addEventListener('answered', show);
  show();
}

/** The number that a reader typed; undefined if it is none, or beyond the range. */
function number(field, { low, high }) {
  const value = /^\s*[-+]?(\d+\.?\d*|\.\d+)\s*%?\s*$/.test(field?.value) ? parseFloat(field.value) : NaN;
  return value >= low && value <= high ? value : undefined;
}

function explain({ options }, answer) {
  const chosen = options.find(({ text }) => text === answer);
  if (!chosen.right) return ['wrong', `Not quite. ${chosen.why}`, 'Choose again.'];
  const others = options.filter(one => one !== chosen).map(({ text, why }) => `“${text}”: ${why}`);
  return ['right', `Right. ${chosen.why}`, ...others];
}

const record = ({ unit = '' }, answer) => ['note', `Recorded: ${answer} ${unit}`.trim() + '. Now read on and see.'];

function compare({ measured, unit = '' }, answer) {
  if (answer === '') return ['note', `Measured: ${measured}. You had not guessed.`];
  const said = `You guessed: ${answer} ${unit}`.trim();
  if (unit || typeof answer === 'number') return ['note', `${said}. Measured: ${measured}.`];
  return answer === measured ? ['right', `${said}. Measured: ${measured}. As you said.`]
    : ['wrong', `${said}. Measured: ${measured}. What did you not expect?`];
}

/** Say it under the question; what stands in `backticks` is code. */
function say(form, mark, ...lines) {
  const place = form.querySelector('.said');
  place.dataset.mark = mark;
  place.replaceChildren(...lines.map(line => {
    const one = document.createElement('span');
    one.append(...line.split('`').map((text, i) =>
      (i % 2 ? Object.assign(document.createElement('code'), { textContent: text }) : text)));
    return one;
  }));
  if (form.matches('.reveal')) form.querySelector('button').hidden = true;
}
