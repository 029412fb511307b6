/** Trains beside the page, so that the page never waits. The newest run stops the older one, which can go on later.
 *
 * In: { id, settings } asks for a run, { id, image } for what the Pigeon of the run last asked for answers to an image
 * of 784 bytes. Out: { id, seeds, kept, done } with all rows so far and the weights that are new; { id, answers }.
 */
import { openWorkbench, PIXELS, sigmoid } from './pigeon.js';
import { Training } from './training.js';

const SLICE = 8;   // ms of work between two looks at the mailbox
const EVERY = 40;  // ms between two messages; the first rows go at once
const MOST = 10;   // settings whose trainings are remembered

const opening = openWorkbench(), known = new Map(), { port1, port2 } = new MessageChannel();
let newest = 0, current = null;

onmessage = async ({ data: { id, settings, image } }) => {
  if (settings) newest = id;
  const bench = await opening;
  if (image) postMessage({ id, answers: answers(bench, image) });
  else if (id === newest) await run(id, bench, settings);
};

async function run(id, bench, settings) {
  const seeds = current = remembered(bench, settings);
  for (let looked = performance.now(), sent = 0, shown = -1; ;) {
    const next = seeds.reduce((slowest, seed) => (seed.epochsDone < slowest.epochsDone ? seed : slowest));
    const done = next.epochsDone >= settings.epochs, now = performance.now();
    if (done || (now - sent > EVERY && next.columns.iteration.length > 1)) {
      const fresh = [...seeds[0].kept].filter(([epoch]) => epoch > shown && epoch <= settings.epochs);
      postMessage({ id, done, seeds: seeds.map(seed => seen(seed, settings)),
        kept: fresh.map(([epoch, pigeon]) => ({ epoch, ...picture(pigeon) })) });
      [sent, shown] = [now, fresh.at(-1)?.[0] ?? shown];
    }
    if (done) return;
    next.advance();
    if (now - looked < SLICE) continue;
    await new Promise(resolve => { port1.onmessage = resolve; port2.postMessage(null); });  // other messages are read
    if (id !== newest) return;
    looked = performance.now();
  }
}

/** The trainings of a setting, one for each of its seeds; those of one that was asked for before go on. */
function remembered(bench, { epochs, repeats, ...settings }) {
  const name = JSON.stringify({ ...settings, repeats }), found = known.get(name) ?? Array.from({ length: repeats },
    (_, i) => new Training(bench, { ...settings, seed: settings.seed + i }, i === 0));
  known.delete(name);
  known.set(name, found);  // the last in the row, which is the last to be forgotten
  if (known.size > MOST) known.delete(known.keys().next().value);
  return found;
}

/** What is to be seen of one seed: it may have been trained for longer before. */
function seen({ columns, batchLoss, diverged }, { epochs, batch_size: size, train_images: images }) {
  const last = epochs * Math.ceil(images / size), rows = columns.iteration.filter(done => done <= last).length;
  return { columns: Object.fromEntries(Object.entries(columns).map(([name, all]) => [name, all.slice(0, rows)])),
    batch_loss: batchLoss.slice(0, last), diverged: diverged?.iteration <= last ? diverged : null };
}

/** The weights of each unit as bytes around 0, unit after unit; each one's output weight, and how often it is on. */
function picture({ state, width, numHidden, on }) {
  const bytes = new Int8Array(numHidden * PIXELS), weights = state.subarray(0, width * PIXELS);
  const most = weights.reduce((max, one) => Math.max(max, Math.abs(one)), 0);
  for (let u = 0, i = 0; u < numHidden; u++) {
    for (let p = 0; p < PIXELS; p++, i++) bytes[i] = Math.round(127 * weights[p * width + u] / most);
  }
  return { bytes, out: state.slice((PIXELS + 1) * width, (PIXELS + 1) * width + numHidden), on };
}

/** The probability of "yes" that the current run's Pigeon gives an image, after each epoch that is kept. */
function answers(bench, image) {
  const drawn = bench.lay(image, [0]);
  return [...current[0].kept].map(([epoch, pigeon]) => {
    bench.hold(pigeon);
    return { epoch, chance: sigmoid(bench.forward(drawn, 0)) };
  });
}
