// CRC-32 as zlib, PNG and Go's hash/crc32 (IEEE) have it; golang-migrate and sqlx make the keys of their locks with it.

/** Of the text's UTF-8 bytes, from 0 to 2^32 - 1. */
export function crc32(text: string): bigint {
  let crc = 0xffffffff
  for (const byte of Buffer.from(text, 'utf8')) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return BigInt((crc ^ 0xffffffff) >>> 0)
}
