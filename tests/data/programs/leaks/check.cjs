'use strict';
// Sets what a heapatlas binary says of the programs' snapshots against what the programs say of themselves.
//
//   node check.cjs BINARY FOLDER      FOLDER: as scripts/check-leaks.sh fills it, PROGRAM-a-1.heapsnapshot and so on
//
// One line for each thing that is wrong, then how many were right and wrong of each kind. Exit status 1 if anything was wrong.
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const [binary, folder] = process.argv.slice(2);
const tally = new Map();
const help = spawnSync(binary, ['--help'], { encoding: 'utf8' }).stdout;
const unknown = new Set(['compare', 'trend', 'suspects'].filter((command) => !new RegExp('^ +' + command + '\\b', 'm').test(help)));

function note(kind, right, text) {
  const sums = tally.get(kind) || [0, 0];
  sums[right ? 0 : 1]++;
  tally.set(kind, sums);
  if (!right) console.log('wrong [' + kind + '] ' + text);
}

/** The answer as JSON; null if the binary has no such sub-command. */
function ask(command, files, ...more) {
  if (unknown.has(command)) return null;
  const paths = files.map((file) => path.join(folder, file));
  const run = spawnSync(binary, [command, ...paths, '--format', 'json', ...more], { encoding: 'utf8', maxBuffer: 1 << 30 });
  try { return JSON.parse(run.stdout); } catch (error) { return { rows: [], totals: {}, failed: run.stderr.trim() || String(error) }; }
}

/** All that a row says in words. */
function words(row) {
  const parts = ['key', 'owner', 'binding', 'title', 'class', 'module', 'path'].map((key) => row[key]).filter(Boolean);
  return parts.map((part) => (Array.isArray(part) ? part.join(' ') : String(part))).join(' ');
}
const namesOf = (leak) => [leak.binding, leak.function, leak.class, ...leak.also].filter(Boolean);
const isNamed = (row, leak) => namesOf(leak).some((name) => words(row).includes(name));
const grew = (row) => (row.verdict ? /^grew|^grow(?!.*slow)/i.test(row.verdict) : row.monotone);
// The count of a leak that shows in bytes only stays as it is, and one of small integers leaves no edges to count.
const isCounted = (leak) => !leak.unseen && !(leak.bytes && leak.counts[0] === leak.counts[leak.counts.length - 1]);
const listed = (rows) => rows.slice(0, 3).map((row) => words(row).slice(0, 120) + ' ' + JSON.stringify(row.counts)).join(' | ');

function checkComparison(name, base, current, isOneProcess) {
  const answer = ask('compare', [base, current]);
  if (!answer) return;
  const { totals, rows } = answer;
  const label = name + ': ' + base + ' ' + current;
  if (answer.failed) { note('compare', false, label + ': ' + answer.failed); return; }
  note('id space', totals.id_space.comparable === isOneProcess, label + ': ' + JSON.stringify(totals.id_space));
  if (totals.id_space.comparable) {
    const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
    const rowsSay = sum('added_size') - sum('removed_size') + sum('grown_size') - sum('shrunk_size');
    note('sums', totals.explained_delta === totals.size_delta && rowsSay === totals.size_delta, label + ': ' + JSON.stringify([totals, rowsSay]));
  }
}

function checkGrowth(name, kind, files, healthy, leaks) {
  const answer = ask('trend', files, '--by', 'path', '--growing', '--limit', '50');
  if (!answer) return;
  const label = name + ' (trend --by path ' + files.join(' ') + ')';
  const rows = answer.rows.filter(grew);
  if (answer.failed) note(kind, false, label + ': ' + answer.failed);
  else if (healthy) note(kind + ', healthy', rows.length === 0, label + ': ' + listed(rows));
  else for (const leak of leaks) {
    const hits = rows.slice(0, 3).filter((row) => isNamed(row, leak));
    note(kind, hits.length > 0, label + ': ' + leak.binding + ' ' + leak.counts + ' is not among ' + listed(rows));
    if (hits.length > 0 && isCounted(leak)) {
      const wanted = JSON.stringify(leak.counts);
      note(kind + ': counts', hits.some((row) => JSON.stringify(row.counts) === wanted), label + ': ' + leak.binding + ' ' + wanted + ': ' + listed(hits));
    }
  }
}

function checkSuspects(name, kind, files, healthy, leaks) {
  const answer = ask('suspects', files);
  if (!answer) return;
  const label = name + ' (suspects ' + files.join(' ') + ')';
  const alarms = answer.rows.filter((row) => row.severity !== 'note');
  if (answer.failed) note(kind, false, label + ': ' + answer.failed);
  else if (healthy) note(kind + ', healthy', alarms.length === 0, label + ': ' + listed(alarms));
  else for (const leak of leaks) {
    const first = answer.rows.slice(0, files.length > 1 && leaks.length === 1 ? 1 : 3);
    note(kind, first.some((row) => isNamed(row, leak)), label + ': ' + leak.binding + ' ' + leak.counts + ' is not among ' + listed(first));
  }
}

/** Leaks as a sequence of snapshots of several processes counts them: `sequence` holds [truth, step]. */
function leaksOver(sequence) {
  const [first] = sequence[0];
  return first.leaks.map((leak, at) => Object.assign({}, leak, { counts: sequence.map(([truth, step]) => truth.leaks[at].counts[step]) }));
}

function checkProgram(name, a, b) {
  const fileOf = ([truth, step]) => truth.snapshots[step];
  const last = a.snapshots.length - 1;
  checkComparison(name, a.snapshots[0], a.snapshots[last], true);
  checkComparison(name, b.snapshots[0], b.snapshots[last], true);
  checkComparison(name, a.snapshots[0], b.snapshots[0], false);
  checkComparison(name, a.snapshots[0], b.snapshots[last], false);
  const whole = a.snapshots.map((_, step) => [a, step]);
  const mixed = a.snapshots.slice(0, last).flatMap((_, step) => [[b, step], [a, step]]);
  for (const [kind, sequence] of [['one process', whole], ['two snapshots', whole.slice(-2)], ['two processes', mixed]]) {
    checkGrowth(name, 'growth, ' + kind, sequence.map(fileOf), a.healthy, leaksOver(sequence));
  }
  for (const [kind, sequence] of [['one snapshot', whole.slice(-1)], ['one process', whole], ['two processes', mixed]]) {
    checkSuspects(name, 'suspects, ' + kind, sequence.map(fileOf), a.healthy, leaksOver(sequence));
  }
}

const truthOf = (file) => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
const programs = fs.readdirSync(folder).filter((file) => file.endsWith('-a.truth.json')).sort();
for (const file of programs) checkProgram(file.replace('-a.truth.json', ''), truthOf(file), truthOf(file.replace('-a.truth', '-b.truth')));

for (const command of unknown) console.log('not checked: this binary has no `' + command + '`');
for (const [kind, [right, wrong]] of tally) console.log(kind.padEnd(36) + String(right).padStart(5) + ' right' + String(wrong).padStart(5) + ' wrong');
process.exit(programs.length === 0 || Array.from(tally.values()).some(([, wrong]) => wrong > 0) ? 1 : 0);
