// The command line as the bundle has it, but of the separate files of dist: a test can reach the loop it runs on.
import { main } from '../../../dist/cli/main.js';

await main();
