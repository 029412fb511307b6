/** Brings a page of the book to life: its panel and its questions take the place of what is printed of them. */
import { Panel } from './panel.js';
import { ask } from './questions.js';

for (const form of document.querySelectorAll('.pigeon-question')) ask(form);
for (const section of document.querySelectorAll('.pigeon-panel')) new Panel(section);
