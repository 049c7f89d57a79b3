// Where the package stands. Compiled, each file of src/cli lies as deep below it as here.
import { fileURLToPath } from 'node:url';

/** The package's own folder: the examples and their sources are found there, and shown from there on. */
export const HOME: string = fileURLToPath(new URL('../../', import.meta.url));
