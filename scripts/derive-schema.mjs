// Writes schema/*.json from the code that validates. Run with: npm run derive:schema
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
// Inside the checkout, so that the emitted code finds node_modules.
const build = mkdtempSync(path.join(root, 'node_modules', '.derive-schema-'));
try {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const config = path.join(root, 'tsconfig.build.json');
  execFileSync(process.execPath, [tsc, '-p', config, '--outDir', build], { stdio: 'inherit' });
  const { jsonSchemas } = await import(
    pathToFileURL(path.join(build, 'contract', 'json-schemas.js')).href
  );
  for (const [file, schema] of Object.entries(jsonSchemas()))
    writeFileSync(path.join(root, 'schema', file), `${JSON.stringify(schema, null, 2)}\n`);
} finally {
  rmSync(build, { recursive: true, force: true });
}
