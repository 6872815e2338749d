export const WAV_HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

/** The head of a WAV file with so many bytes of 16-bit PCM behind it (RIFF WAVE, format 1). */
export function wavHeader(rateHz: number, channels: number, dataBytes: number): Uint8Array {
  const out = Buffer.alloc(WAV_HEADER_BYTES);
  const blockBytes = channels * BYTES_PER_SAMPLE;
  out.write('RIFF', 0, 'latin1');
  out.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  out.write('WAVEfmt ', 8, 'latin1');
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(channels, 22);
  out.writeUInt32LE(rateHz, 24);
  out.writeUInt32LE(rateHz * blockBytes, 28);
  out.writeUInt16LE(blockBytes, 32);
  out.writeUInt16LE(BYTES_PER_SAMPLE * 8, 34);
  out.write('data', 36, 'latin1');
  out.writeUInt32LE(dataBytes, 40);
  return out;
}
