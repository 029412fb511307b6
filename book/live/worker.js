/** Trains beside the page, so that the page never waits. The newest run stops the older one, which can go on later.
 *
 * In: { id, settings } asks for a run, { id, image } for what the Pigeon of the run last asked for answers to an image
 * of 784 bytes. Out: { id, seeds, kept, done } with the rows since the last message; { id, answers }.
 */
import { forward, PIXELS, readDigits, sigmoid, sparse } from './pigeon.js';
import { Training } from './training.js';

const SLICE = 8;   // ms of work between two looks at the mailbox
const EVERY = 40;  // ms between two messages; the first rows go at once
const MOST = 10;   // settings whose trainings are remembered

const loading = load(), known = new Map(), { port1, port2 } = new MessageChannel();
let newest = 0, current = null;

onmessage = async ({ data: { id, settings, image } }) => {
  if (settings) newest = id;
  const digits = await loading;
  if (image) postMessage({ id, answers: answers(sparse(image, [0])) });
  else if (id === newest) await run(id, digits, settings);
};

async function run(id, digits, settings) {
  const seeds = current = remembered(digits, settings);
  const state = { id, settings, rows: seeds.map(() => 0), updates: seeds.map(() => 0), kept: -1 };
  for (let looked = performance.now(), sent = 0; ;) {
    const next = seeds.reduce((slowest, seed) => (seed.epochsDone < slowest.epochsDone ? seed : slowest));
    if (next.epochsDone >= settings.epochs) return send(seeds, state, true);
    next.advance();
    const now = performance.now();
    if (now - sent > EVERY && next.columns.iteration.length > 1 && next.epochsDone < settings.epochs) {
      send(seeds, state, false);
      sent = now;
    }
    if (now - looked > SLICE) {
      await mailbox();
      if (id !== newest) return undefined;
      looked = performance.now();
    }
  }
}

/** The trainings of a setting, one for each of its seeds; those of one that was asked for before go on. */
function remembered(digits, { epochs, repeats, ...settings }) {
  const name = JSON.stringify({ ...settings, repeats }), found = known.get(name) ?? Array.from({ length: repeats },
    (_, i) => new Training(digits, { ...settings, seed: settings.seed + i }, i === 0));
  known.delete(name);
  known.set(name, found);  // the last in the row, which is the last to be forgotten
  if (known.size > MOST) known.delete(known.keys().next().value);
  return found;
}

/** Post what is new of a run, as far as it is to be seen: a longer one may have been trained before. */
function send(seeds, state, done) {
  const { id, rows, updates, settings: { epochs, batch_size: size, train_images: images } } = state;
  const last = epochs * Math.ceil(images / size);
  const parts = seeds.map(({ columns, batchLoss, diverged }, i) => {
    const end = columns.iteration.filter(iteration => iteration <= last).length;
    const part = Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values.slice(rows[i], end))]);
    const losses = Float64Array.from(batchLoss.slice(updates[i], last));
    [rows[i], updates[i]] = [end, Math.min(batchLoss.length, last)];
    return { columns: Object.fromEntries(part), batch_loss: losses,
      diverged: diverged?.iteration <= last ? diverged : null };
  });
  const fresh = [...seeds[0].kept].filter(([epoch]) => epoch > state.kept && epoch <= epochs);
  if (fresh.length) [state.kept] = fresh.at(-1);
  postMessage({ id, seeds: parts, kept: fresh.map(([epoch, pigeon]) => ({ epoch, ...picture(pigeon) })), done });
}

/** The weights of each unit as bytes around 0, unit after unit; each one's output weight, and how often it is on. */
function picture({ weight, out, width, numHidden, on }) {
  const bytes = new Int8Array(numHidden * PIXELS), most = weight.reduce((max, one) => Math.max(max, Math.abs(one)), 0);
  for (let u = 0, i = 0; u < numHidden; u++) {
    for (let p = 0; p < PIXELS; p++, i++) bytes[i] = Math.round(127 * weight[p * width + u] / most);
  }
  return { bytes, out: out.slice(0, numHidden), on };
}

/** The probability of "yes" that the current run's Pigeon gives an image, after each epoch that is kept. */
function answers(digits) {
  return [...current[0].kept].map(([epoch, pigeon]) =>
    ({ epoch, chance: sigmoid(forward(pigeon, digits, 0, new Float64Array(pigeon.width))) }));
}

/** Wait until all messages that have come are read. */
function mailbox() {
  return new Promise(resolve => {
    port1.onmessage = resolve;
    port2.postMessage(null);
  });
}

async function load() {
  const packed = await fetch(new URL('digits.bin', import.meta.url));
  const stream = packed.body.pipeThrough(new DecompressionStream('gzip'));
  return readDigits(new Uint8Array(await new Response(stream).arrayBuffer()));
}
