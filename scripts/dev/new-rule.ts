// `npm run new:rule`: lays the file and the test of a new rule.
import { main } from './scaffold.ts';

process.exitCode = await main('rule', process.argv.slice(2));
