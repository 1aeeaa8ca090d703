// Writes NAME.br and NAME.gz beside each file named on the command line, as small as they get.
// (Run by --eval, so the first argument is already a file.) Node, which every build needs anyway, carries both formats: no compressor to compile.
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const brotli = promisify(brotliCompress);
const gz = promisify(gzip);

await Promise.all(process.argv.slice(1).map(async (path) => {
  const bytes = await readFile(path);
  const [small, old] = await Promise.all([
    brotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    gz(bytes, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${path}.br`, small), writeFile(`${path}.gz`, old)]);
}));
