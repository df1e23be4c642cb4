// Writes schema/*.json from the code that validates (npm run derive:schema). It compiles that code first: Node 20 cannot read
// TypeScript, and the package's own build would bundle it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
// Inside the checkout, so that the emitted code finds node_modules.
const build = mkdtempSync(path.join(root, 'node_modules', '.derive-schema-'));
try {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const config = path.join(build, 'tsconfig.json');
  const compilerOptions = { rootDir: path.join(root, 'src'), outDir: build };
  const include = [path.join(root, 'src', 'contract')];
  const settings = { extends: path.join(root, 'tsconfig.build.json'), compilerOptions, include };
  writeFileSync(config, JSON.stringify(settings));
  execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
  const { jsonSchemas } = await import(
    pathToFileURL(path.join(build, 'contract', 'json-schemas.js')).href
  );
  for (const [file, schema] of Object.entries(jsonSchemas()))
    writeFileSync(path.join(root, 'schema', file), `${JSON.stringify(schema, null, 2)}\n`);
} finally {
  rmSync(build, { recursive: true, force: true });
}
