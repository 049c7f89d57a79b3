// --quiet: only errors.
import { PlainScreen } from './plain.ts';
import type { Print } from './screen.ts';

const nowhere: Print = () => {};

export class SilentScreen extends PlainScreen {
  constructor(err: Print) {
    super(nowhere, err, nowhere);
  }
}
