// A small generator of numbers for generated inputs: one seed is always one sequence.

/** Numbers from 0 to below 1 (a linear congruential generator with the constants of Numerical Recipes). */
export function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) % 4_294_967_296
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}
