// Makes worker.mjs out of the npm package chrome-devtools-frontend: only the modules of the heap snapshot worker.
//   npm install --no-save chrome-devtools-frontend@1.0.1705227 esbuild && node bundle-worker.mjs OUT.mjs [NODE_MODULES]
// Nothing of the analysis is changed. User interface texts (i18n) are replaced by an empty stand-in, and the re-exporting
// index modules by their parts, because the package leaves out files that only a Chromium build makes.
import path from 'node:path';
import { createRequire } from 'node:module';

const [out = 'worker.mjs', modules = 'node_modules'] = process.argv.slice(2);
const require = createRequire(path.resolve(modules) + '/');
const esbuild = require('esbuild');
const root = path.resolve(modules, 'chrome-devtools-frontend/front_end');
const from = (name, file) => `export * as ${name} from ${JSON.stringify(path.join(root, file))};`;
const standIns = {
  'core/i18n/i18n.js': 'export const i18n = new Proxy({ serializeUIString: (string) => JSON.stringify({ string }) }, { get: (o, k) => o[k] ?? (() => () => "") });',
  'core/text_utils/text_utils.js': from('TextUtils', 'core/text_utils/TextUtils.ts'),
  'models/heap_snapshot/heap_snapshot.js': from('HeapSnapshotModel', 'models/heap_snapshot/HeapSnapshotModel.ts'),
  'core/platform/platform.js': ['TypedArrayUtilities', 'ArrayUtilities', 'StringUtilities', 'MapUtilities']
    .map((name) => from(name, `core/platform/${name}.ts`)).join('\n'),
};
await esbuild.build({
  stdin: {
    contents: from('Snapshot', 'entrypoints/heap_snapshot_worker/HeapSnapshot.ts')
      + from('Loader', 'entrypoints/heap_snapshot_worker/HeapSnapshotLoader.ts')
      + from('Model', 'models/heap_snapshot/HeapSnapshotModel.ts'),
    loader: 'ts', resolveDir: root,
  },
  bundle: true, format: 'esm', platform: 'node', target: 'node20', outfile: out, logLevel: 'warning',
  tsconfigRaw: { compilerOptions: { target: 'esnext', useDefineForClassFields: true } },
  plugins: [{
    name: 'stand-ins',
    setup(build) {
      build.onResolve({ filter: /\.js$/ }, (a) => {
        const found = Object.keys(standIns).find((k) => a.path.endsWith('/' + k.split('/').slice(-2).join('/')) || a.path.endsWith(k));
        if (found) return { path: found, namespace: 'stand-in' };
        if (a.path.endsWith('locales.js')) return { path: 'locales', namespace: 'stand-in' };
        return undefined;
      });
      build.onLoad({ filter: /.*/, namespace: 'stand-in' }, (a) => ({ contents: standIns[a.path] ?? '', loader: 'ts', resolveDir: root }));
    },
  }],
});
