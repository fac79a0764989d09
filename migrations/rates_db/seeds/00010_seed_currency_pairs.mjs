// The currency pairs that are traded from the start.
const PAIRS = [
  { id: '00000000-0000-4000-8000-000000000401', base: 'BTC', quote: 'USD' },
  { id: '00000000-0000-4000-8000-000000000402', base: 'ETH', quote: 'USD' },
  { id: '00000000-0000-4000-8000-000000000403', base: 'USDT', quote: 'USD' },
  { id: '00000000-0000-4000-8000-000000000404', base: 'BTC', quote: 'EUR' },
  { id: '00000000-0000-4000-8000-000000000405', base: 'ETH', quote: 'EUR' },
]

export async function up({ query }) {
  for (const { id, base, quote } of PAIRS) {
    await query('INSERT INTO currency_pairs (id, base, quote) VALUES ($1, $2, $3) ON CONFLICT (base, quote) DO NOTHING', [
      id,
      base,
      quote,
    ])
  }
}

// By id: a pair from before the seed has another id.
export async function down({ query }) {
  await query('DELETE FROM currency_pairs WHERE id = ANY ($1::uuid[])', [PAIRS.map(({ id }) => id)])
}
