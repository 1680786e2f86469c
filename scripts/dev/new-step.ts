// `npm run new:step`: lays the file and the test of a new step.
import { main } from './scaffold.ts';

process.exitCode = await main('step', process.argv.slice(2));
