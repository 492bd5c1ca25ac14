import { expect } from 'chai';
import { DistIOError, type Response, type SlaveHandle } from 'dist-io';
import { rejection } from '../support/rejection';
import { contract } from './runtimes';

/** What the errors of the fixture have beyond those of every Error. */
type Failed = Error & Record<string, unknown>;

contract('errors', (suite) => {
  let slave: SlaveHandle;
  before(() => {
    slave = suite.createSlave('errors.js');
  });

  const fail = async (task: string, data?: unknown): Promise<Failed> => {
    const { ok, error, value }: Response = await slave.exec(task, data);
    expect(ok).to.equal(false);
    expect(value).to.equal(undefined);
    expect(error).not.to.be.an.instanceOf(DistIOError);
    return error as Failed;
  };

  for (const [task, message] of [
    ['throw', 'thrown'],
    ['reject', 'rejected'],
    ['done', 'done'],
    ['done late', 'done late'],
  ]) {
    suite.it(`errors - a task that fails by ${task} responds with its error`, async () => {
      const error = await fail(task);
      expect(error).to.be.an.instanceOf(TypeError);
      expect(error.message).to.equal(message);
    });
  }

  suite.it('errors - with rejectOnError the error of the task rejects', async () => {
    const error = await rejection(slave.exec('throw', undefined, { rejectOnError: true }));
    expect(error).to.be.an.instanceOf(TypeError).with.property('message', 'thrown');
  });

  suite.it('errors - the stack is the one of the slave', async () => {
    expect((await fail('throw')).stack).to.match(/^TypeError: thrown\n.*at .*errors\.js:\d+/);
  });

  for (const Class of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]) {
    suite.it(`errors - a ${Class.name} arrives as a ${Class.name}`, async () => {
      const error = await fail('built-in', Class.name);
      expect(Object.getPrototypeOf(error)).to.equal(Class.prototype);
      expect(error.name).to.equal(Class.name);
      expect(error.message).to.equal(`a ${Class.name}`);
      expect(Object.keys(error)).to.deep.equal([]);
    });
  }

  suite.it('errors - an error of a user class keeps name, code, properties and cause, and its built-in base class', async () => {
    const error = await fail('custom');
    expect(error).to.be.an.instanceOf(RangeError);
    expect(error.name).to.equal('CustomError');
    expect(error.code).to.equal('E_CUSTOM');
    expect(error.details).to.deep.equal({ list: [1, new Date(2)], bytes: Buffer.from('a') });
    const cause = error.cause as Error;
    expect(cause).to.be.an.instanceOf(TypeError);
    expect(cause.message).to.equal('inner');
    expect(cause.stack).to.contain('errors.js');
    expect(cause.cause).to.equal('root');
  });

  suite.it('errors - a system error of Node keeps its fields', async () => {
    const error = await fail('system');
    expect(error).to.include({ code: 'ENOENT', syscall: 'open', path: '/no/such/file' });
    expect(error.errno).to.be.a('number');
  });

  suite.it('errors - a property that cannot be sent is replaced by a note', async () => {
    const error = await fail('http');
    expect(error).to.include({ name: 'HttpError', code: 'ERR_BAD_REQUEST', status: 404, message: 'Request failed with status code 404' });
    expect(error.config).to.equal('[a function that cannot be sent]');
    expect(error.request).to.equal('[an instance of ClientRequest that cannot be sent]');
  });

  suite.it('errors - an AggregateError keeps its errors', async () => {
    const error = await fail('aggregate');
    expect(error).to.be.an.instanceOf(AggregateError);
    const [first, second] = error.errors as Failed[];
    expect(first).to.be.an.instanceOf(RangeError).and.to.include({ name: 'CustomError', code: 'E_CUSTOM', message: 'first' });
    expect(second).to.be.an.instanceOf(TypeError).and.to.include({ message: 'second' });
  });

  suite.it("errors - an AggregateError's item that cannot be sent is replaced by a note", async () => {
    const [fine, note] = (await fail('aggregate of anything')).errors as unknown[];
    expect(fine).to.be.an.instanceOf(TypeError);
    expect(note).to.equal('[the symbol Symbol(not fine) that cannot be sent]');
  });

  suite.it('errors - a DOMException arrives as a DOMException', async () => {
    const error = await fail('dom');
    expect(error).to.be.an.instanceOf(DOMException);
    expect(error.name).to.equal('AbortError');
    expect(error.code).to.equal(DOMException.ABORT_ERR);
  });

  suite.it('errors - a cause that cannot be sent is replaced by a note', async () => {
    const error = await fail('cause that cannot be sent');
    expect(error).to.be.an.instanceOf(TypeError);
    expect(error.message).to.equal('outer');
    expect(error.cause).to.equal('[the function socket that cannot be sent]');
  });

  suite.it('errors - a cause keeps those of its properties that can be sent', async () => {
    const error = await fail('cause with a property that cannot be sent');
    expect(error.cause).to.be.an.instanceOf(Error).and.to.include({ name: 'HttpError', status: 404 });
  });

  suite.it('errors - an error that refers to itself keeps its cycle', async () => {
    const error = await fail('cycle');
    expect(error.cause).to.equal(error);
    expect(error.self).to.equal(error);
    expect((error.list as unknown[])[0]).to.equal(error);
  });

  suite.it('errors - an error without message and stack arrives as an Error', async () => {
    const error = await fail('no message, no stack');
    expect(error).to.be.an.instanceOf(Error);
    expect(error.message).to.equal('');
    expect(error.own).to.equal(1);
  });

  for (const [kind, words, cause] of [
    ['text', `'only text'`, 'only text'],
    ['number', '42', 42],
    ['null', 'null', null],
    ['undefined', 'undefined', undefined],
    ['object', '[object Object]', { status: 'bad' }],
    ['null-prototype object', 'an object without words', {}],
    ['function', 'function culprit() {}', '[the function culprit that cannot be sent]'],
    ['symbol', 'Symbol(culprit)', '[the symbol Symbol(culprit) that cannot be sent]'],
    ['promise', '[object Promise]', '[a promise that cannot be sent]'],
  ] as const) {
    suite.it(`errors - a thrown ${kind} arrives as the cause of an Error`, async () => {
      for (const task of ['not an error', 'reject with no error']) {
        const error = await fail(task, kind);
        expect(error.message).to.equal(`The task threw ${words}, which is not an Error.`);
        expect(error.cause).to.deep.equal(cause);
      }
    });
  }

  suite.it('errors - an Error can be passed as data', async () => {
    const cause = new TypeError('inner');
    const error = Object.assign(new RangeError('outer', { cause }), { name: 'MyError', code: 'E_MINE' });
    const { value } = await slave.exec('as data', error);
    expect(value).to.deep.equal([true, 'MyError', 'outer', 'E_MINE', true, 'inner']);
  });

  suite.it('errors - an Error inside a result is part of the value', async () => {
    const response = await slave.exec('as value');
    expect(response.error).to.equal(null);
    const { error } = response.value as { error: Failed };
    expect(error).to.be.an.instanceOf(RangeError).and.to.include({ name: 'CustomError', message: 'a value' });
  });
});
