/**
 * What is said of a script that begins a transaction and does not end it (SQLSTATE 25001). No tool gets by with it, tried
 * with golang-migrate 4.20: it cannot begin the transaction of its own row ("unexpected transaction status"), so the version
 * stays dirty, and what the script did is rolled back when the connection ends.
 */
export const LEFT_OPEN = 'the script leaves its own transaction open, so all of that is rolled back'
