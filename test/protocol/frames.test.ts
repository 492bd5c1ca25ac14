import assert from 'node:assert/strict';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Batch, readBatch } from '../../src/protocol/batch';
import { FrameReader, writeFrame } from '../../src/protocol/frames';
import { BROKEN } from '../support/broken-frames';

const LIMIT = 1024 * 1024;

const batches: fc.Arbitrary<Batch[]> = fc.array(
  fc.record({ json: fc.string({ unit: 'grapheme' }), blobs: fc.array(fc.uint8Array(), { maxLength: 4 }) }, { noNullPrototype: true }),
);

/** Cuts bytes at the given places, which may come in any order and fall together. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, i) => bytes.subarray(cuts[i], end));
}

describe('frames', () => {
  it('frames - batches arrive complete and in order, wherever the stream is cut', () => {
    fc.assert(
      fc.property(batches, fc.array(fc.nat()), (sent, places) => {
        const reader = new FrameReader(LIMIT);
        const arrived = cut(Buffer.concat(sent.flatMap(writeFrame)), places).flatMap((piece) => reader.push(piece));
        assert.deepEqual(arrived, sent);
      }),
    );
  });

  it('frames - batches arrive byte by byte', () => {
    const sent = [
      { json: 'é', blobs: [] },
      { json: '', blobs: [new Uint8Array([1, 2, 3]), new Uint8Array(0)] },
    ];
    const reader = new FrameReader(LIMIT);
    const arrived = [...Buffer.concat(sent.flatMap(writeFrame))].flatMap((byte) => reader.push(Buffer.of(byte)));
    assert.deepEqual(arrived, sent);
  });

  it('frames - bytes arrive as aligned copies', () => {
    const [batch] = new FrameReader(LIMIT).push(Buffer.concat(writeFrame({ json: 'a', blobs: [new Uint8Array([7])] })));
    expect(batch.blobs[0].buffer.byteLength).to.equal(1);
  });

  it('frames - any bytes are read as batches, as an incomplete frame, or fail with a RangeError', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (pieces) => {
        const reader = new FrameReader(64);
        try {
          for (const piece of pieces) reader.push(Buffer.from(piece));
        } catch (error) {
          expect(error).to.be.an.instanceOf(RangeError);
        }
      }),
    );
  });

  for (const [what, bytes] of Object.entries(BROKEN)) {
    it(`frames - ${what}: refused as a frame or as a batch`, () => {
      expect(() => new FrameReader(LIMIT).push(bytes).flatMap(readBatch)).to.throw();
    });
  }
});
