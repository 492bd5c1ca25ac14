import { expect } from 'chai';
import { Master, NoTasksError, SpawnError, Task } from 'dist-io';

class Counter {
  private count = 0;

  constructor(private readonly step = 1) {}

  @Task()
  increase(): number {
    return (this.count += this.step);
  }
}

describe('a slave made from a class', () => {
  const master = new Master({ runtime: 'inline' });
  after(() => master.exit());

  it('class - each inline slave has an instance of its own', async () => {
    const [one, two] = master.createSlaves(2, Counter);
    expect(await one.as<Counter>().increase()).to.equal(1);
    expect((await one.exec('increase')).value).to.equal(2);
    expect(await two.as<Counter>().increase()).to.equal(1);
    expect(one.path).to.equal('Counter');
  });

  it('class - an object with task methods is used as it is', async () => {
    const slave = master.createSlave(new Counter(5));
    expect(await slave.as<Counter>().increase()).to.equal(5);
    expect(await slave.as<Counter>().increase()).to.equal(10);
  });

  it('class - without a task method does not start', async () => {
    const error = await master
      .createSlave(
        class Empty {
          greet = (): string => 'Hello';
        },
      )
      .ready()
      .catch((error: unknown) => error);
    expect(error).to.be.instanceOf(SpawnError);
    expect((error as SpawnError).cause).to.be.instanceOf(NoTasksError);
  });

  for (const runtime of ['process', 'thread'] as const)
    it(`class - a ${runtime} cannot be made from one`, () => {
      expect(() => master.createSlave(Counter, { runtime })).to.throw(
        TypeError,
        `The class Counter cannot be sent to a ${runtime}: pass the path of its file, or the option runtime: 'inline'.`,
      );
    });
});
