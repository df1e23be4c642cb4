// Writes schema/*.json from the code that validates (npm run derive:schema).
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, withCompiled } from './compiled.mjs';

await withCompiled(['contract'], async (load) => {
  const { jsonSchemas } = await load('contract/json-schemas');
  for (const [file, schema] of Object.entries(jsonSchemas()))
    writeFileSync(path.join(root, 'schema', file), `${JSON.stringify(schema, null, 2)}\n`);
});
