// Compiles some of src/ or __tests__/ for a script and hands over the folder: Node 20 cannot read TypeScript, and the package's own build
// would bundle it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Calls `use` with a function that imports a compiled module by its path below `from`, without ending: `contract/json-schemas`; and with the
 * folder where it lies.
 */
export async function withCompiled(include, use, from = 'src') {
  // Inside the checkout, so that the emitted code finds node_modules.
  const build = mkdtempSync(path.join(root, 'node_modules', '.compiled-'));
  try {
    const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const config = path.join(build, 'tsconfig.json');
    const settings = {
      extends: path.join(root, 'tsconfig.build.json'),
      compilerOptions: { rootDir: path.join(root, from), outDir: build },
      include: include.map((entry) => path.join(root, from, entry)),
    };
    writeFileSync(path.join(build, 'package.json'), '{"type":"module"}\n');
    writeFileSync(config, JSON.stringify(settings));
    execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
    return await use(
      (module) => import(pathToFileURL(path.join(build, `${module}.js`)).href),
      build,
    );
  } finally {
    rmSync(build, { recursive: true, force: true });
  }
}
