import { expect } from 'chai';
import { type Flavour, JAVASCRIPT, programIn, TYPESCRIPT } from './support/flavours';
import type { Project } from './support/project';
import { output } from './support/run';

describe('documented programs', () => {
  for (const flavour of [...JAVASCRIPT, ...TYPESCRIPT]) {
    it(`hello world - ${flavour.name}`, async () => {
      const project = await programIn(flavour, 'hello-world');
      expect(await start(project, flavour)).to.equal('Hello World! true\n'.repeat(2));
    });

    it(`hello world with five slaves - ${flavour.name}`, async () => {
      const project = await programIn(flavour, 'five-slaves');
      expect(await start(project, flavour)).to.equal(FIVE_GREETINGS);
    });
  }

  // `self` is there when the slave runs, so the compiler makes no difference to it: one stands for all.
  for (const flavour of [...JAVASCRIPT, TYPESCRIPT[0]]) {
    it(`hello world with five slaves that use self - ${flavour.name}`, async () => {
      const project = await programIn(flavour, 'five-slaves');
      await project.rename(`slave-with-self.${flavour.extension}`, `slave.${flavour.extension}`);
      expect(await start(project, flavour)).to.equal(FIVE_GREETINGS);
    });
  }

  it('hello world - TypeScript under ts-node with type checks', async () => {
    const [flavour] = TYPESCRIPT;
    const project = await programIn(flavour, 'hello-world');
    const checked = flavour.start.filter((option) => option !== '--transpile-only');
    expect(await start(project, { ...flavour, start: checked })).to.equal('Hello World! true\n'.repeat(2));
  });
});

const FIVE_GREETINGS = [0, 1, 2, 3, 4].map((id) => `Hello from ${id}\n`).join('') + 'Again: Hello from 0\n';

/** Runs `main` until it ends by itself. */
function start({ folder }: Project, flavour: Flavour): Promise<string> {
  return output(folder, process.execPath, ...flavour.start, `main.${flavour.extension}`);
}
