'use strict';
// Large data that never changes: most of the heap, and no leak.
const { serve } = require('../harness.cjs');
class Word { constructor(n) { this.text = 'word' + n; this.next = null; this.forms = ['s' + n, 'ed' + n]; } }
const dictionary = Array.from({ length: 20000 }, (_, n) => new Word(n));
dictionary.forEach((word, n) => { word.next = dictionary[(n + 1) % dictionary.length]; });
const index = new Map(dictionary.map((word) => [word.text, word]));
const image = Buffer.alloc(4e6, 1);
serve((n) => index.get('word' + n % 20000).forms.length + image.length, { healthy: 'constant' });
