/** RFC 5769, Test Vectors for STUN: the messages of §2 and the parameters they were made from. */

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

const TRANSACTION_ID = bytes('b7e7a701 bc34d686 fa87dfae');
export const SHORT_TERM_PASSWORD = 'VOkJxbRl1RmTxUk/WvJxBt';

/** §2.1 */
export const SAMPLE_REQUEST = {
  transactionId: TRANSACTION_ID,
  software: 'STUN test client',
  username: 'evtj:h6vY',
  priority: bytes('6e0001ff'),
  iceControlled: bytes('932ff9b1 51263b36'),
  message: bytes(`
    00010058 2112a442 b7e7a701 bc34d686 fa87dfae
    80220010 5354554e 20746573 7420636c 69656e74
    00240004 6e0001ff
    80290008 932ff9b1 51263b36
    00060009 6576746a 3a683676 59202020
    00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
    80280004 e57a3bcf`),
};

/** §2.2 */
export const SAMPLE_IPV4_RESPONSE = {
  transactionId: TRANSACTION_ID,
  software: 'test vector',
  mappedAddress: { family: 'ipv4', address: '192.0.2.1', port: 32_853 },
  message: bytes(`
    0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
    8022000b 74657374 20766563 746f7220
    00200008 0001a147 e112a643
    00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
    80280004 c07d4c96`),
};

/** §2.3 */
export const SAMPLE_IPV6_RESPONSE = {
  transactionId: TRANSACTION_ID,
  software: 'test vector',
  mappedAddress: {
    family: 'ipv6',
    address: '2001:db8:1234:5678:11:2233:4455:6677',
    port: 32_853,
  },
  message: bytes(`
    01010048 2112a442 b7e7a701 bc34d686 fa87dfae
    8022000b 74657374 20766563 746f7220
    00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
    00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
    80280004 c8fb0b4c`),
};

/** §2.4: long-term credentials, and no FINGERPRINT. */
export const SAMPLE_LONG_TERM_REQUEST = {
  transactionId: bytes('78ad3433 c6ad72c0 29da412e'),
  username: '\u30de\u30c8\u30ea\u30c3\u30af\u30b9',
  /** After SASLprep. */
  password: 'TheMatrIX',
  nonce: 'f//499k954d6OL34oL9FSTvy64sA',
  realm: 'example.org',
  message: bytes(`
    00010060 2112a442 78ad3433 c6ad72c0 29da412e
    00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
    0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
    0014000b 6578616d 706c652e 6f726700
    00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666`),
};
