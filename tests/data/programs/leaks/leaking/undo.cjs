'use strict';
// Undo history: every state of an editor, each sharing most of the one before.
const { serve } = require('../harness.cjs');
class EditorState { constructor(previous, n) { this.previous = previous; this.change = { at: n, text: 'typed ' + n }; } }
const editor = { document: 'letter', state: null };
serve((n) => { editor.state = new EditorState(editor.state, n); }, { leaks: [{ binding: 'state', class: 'EditorState', also: ['editor', 'previous'] }] });
