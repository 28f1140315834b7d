'use strict';
// The process of one contender: node worker.js FUNCTION ARGUMENTS SCRATCH. Speaks as bench/worker.py does.
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const [name, given, scratch] = process.argv.slice(2);
const write = process.stdout.write.bind(process.stdout);
const say = (answer) => write(JSON.stringify(answer) + '\n');
process.stdout.write = process.stderr.write.bind(process.stderr); // what a library prints is no answer

const read = (file) => JSON.parse(fs.readFileSync(path.join(scratch, file), 'utf8'));

function inputs(kind, args) {
  if (kind === 'deliver') return read('messages.json').map(([to, octets]) => [to, Buffer.from(octets, 'base64')]);
  return read((kind === 'endtoend' ? 'order_shipped' : args[0]) + '.json');
}

async function answer(question, work, items) {
  if ('sample' in question) {
    return { octets: Buffer.from((await work([items[question.sample]]))).toString('base64') };
  }
  const { count, offset } = question;
  const todo = Array.from({ length: count }, (_, number) => items[(offset + number) % items.length]);
  const begin = process.hrtime.bigint(), cpu = process.cpuUsage();
  await work(todo);
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  const used = process.cpuUsage(cpu);
  return { seconds, cpu: (used.user + used.system) / 1e6 };
}

async function main() {
  const args = JSON.parse(given);
  let work, items;
  try {
    work = require('./contenders.js')[name](scratch, ...args);
    items = inputs(name, args);
  } catch (error) {
    say({ error: error.code === 'MODULE_NOT_FOUND' ? error.message.split('\n')[0] : String(error) });
    return;
  }
  say({});
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      say(await answer(JSON.parse(line), work, items));
    } catch (error) {
      say({ error: String(error).slice(0, 300) });
    }
  }
  process.exit(0);
}

main();
