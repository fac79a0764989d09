// Invented rates. Only this file uses the source "seed", so it does not overwrite real rates. The time is fixed, so a
// second run changes nothing.
const QUOTED_AT = '2026-01-01 00:00:00+00'

// Text, not numbers: 1923.45 has no exact float, and rates are multiplied with money.
const RATES = [
  { base: 'BTC', quote: 'USD', rate: '42000.00' },
  { base: 'ETH', quote: 'USD', rate: '2200.15' },
  { base: 'USDT', quote: 'USD', rate: '1.00' },
  { base: 'BTC', quote: 'EUR', rate: '38000.00' },
  { base: 'ETH', quote: 'EUR', rate: '1923.45' },
]

export async function up({ query }) {
  for (const { base, quote, rate } of RATES) {
    await query(
      `INSERT INTO exchange_rates (base_currency, quote_currency, rate, source, quoted_at) VALUES ($1, $2, $3, 'seed', $4)
       ON CONFLICT (base_currency, quote_currency, source) DO NOTHING`,
      [base, quote, rate, QUOTED_AT],
    )
  }
}

export async function down({ query }) {
  await query("DELETE FROM exchange_rates WHERE source = 'seed'")
  // A trigger copied the rates into the history, so delete them there too.
  await query("DELETE FROM exchange_rate_history WHERE source = 'seed'")
}
