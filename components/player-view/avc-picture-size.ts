/** Profiles whose parameter set tells about chroma (ISO/IEC 14496-10 §7.3.2.1.1). */
const WITH_CHROMA = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];
const MAX_SIDE = 16_384;

/**
 * Size of the pictures that an AVCDecoderConfigurationRecord sets a decoder up for.
 *
 * @returns in pixels; null where the record cannot be read
 */
export function avcPictureSize(record: Uint8Array): { width: number; height: number } | null {
  const length = (record[6]! << 8) | record[7]!;
  if (record.length < 8 || (record[5]! & 31) === 0 || record.length < 8 + length) return null;
  const bits = new BitReader(withoutEmulation(record.subarray(8, 8 + length)));
  try {
    return readSize(bits);
  } catch {
    return null;
  }
}

function readSize(bits: BitReader): { width: number; height: number } | null {
  bits.skip(8);
  const profile = bits.read(8);
  bits.skip(16);
  bits.golomb();
  let chroma = 1;
  let separatePlanes = false;
  if (WITH_CHROMA.includes(profile)) {
    chroma = bits.golomb();
    if (chroma === 3) separatePlanes = bits.read(1) === 1;
    bits.golomb();
    bits.golomb();
    bits.skip(1);
    if (bits.read(1) === 1) {
      for (let i = 0; i < (chroma === 3 ? 12 : 8); i++) {
        if (bits.read(1) === 1) skipScalingList(bits, i < 6 ? 16 : 64);
      }
    }
  }
  bits.golomb();
  const orderType = bits.golomb();
  if (orderType === 0) bits.golomb();
  else if (orderType === 1) {
    bits.skip(1);
    bits.golomb();
    bits.golomb();
    for (let left = Math.min(bits.golomb(), 255); left > 0; left--) bits.golomb();
  }
  bits.golomb();
  bits.skip(1);
  const columns = bits.golomb() + 1;
  const rows = bits.golomb() + 1;
  const framesOnly = bits.read(1);
  if (framesOnly === 0) bits.skip(1);
  bits.skip(1);
  const crop = { left: 0, right: 0, top: 0, bottom: 0 };
  if (bits.read(1) === 1) {
    crop.left = bits.golomb();
    crop.right = bits.golomb();
    crop.top = bits.golomb();
    crop.bottom = bits.golomb();
  }
  const planar = separatePlanes ? 0 : chroma;
  const unitX = planar === 1 || planar === 2 ? 2 : 1;
  const unitY = (planar === 1 ? 2 : 1) * (2 - framesOnly);
  const width = columns * 16 - (crop.left + crop.right) * unitX;
  const height = rows * 16 * (2 - framesOnly) - (crop.top + crop.bottom) * unitY;
  const isPossible = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE;
  return isPossible ? { width, height } : null;
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.signedGolomb() + 256) % 256;
    if (next !== 0) last = next;
  }
}

/** An encoder puts a 3 between two zeros and what could be taken for a start code (§7.4.1). */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  return bytes.filter(
    (byte, i) => !(byte === 3 && i > 1 && bytes[i - 1] === 0 && bytes[i - 2] === 0),
  );
}

/** Throws a RangeError beyond the end. */
class BitReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  read(count: number): number {
    if (this.at + count > this.bytes.length * 8)
      throw new RangeError('the parameter set is too short');
    let value = 0;
    for (let i = 0; i < count; i++, this.at++) {
      value = value * 2 + ((this.bytes[this.at >>> 3]! >>> (7 - (this.at & 7))) & 1);
    }
    return value;
  }

  skip(count: number): void {
    this.read(count);
  }

  golomb(): number {
    let zeros = 0;
    while (this.read(1) === 0) zeros++;
    return zeros > 31 ? Infinity : 2 ** zeros - 1 + this.read(zeros);
  }

  signedGolomb(): number {
    const value = this.golomb();
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
  }
}
