// A check after the last step, or a line of a checklist, as plain data.

/** A line of a checklist with its evidence. `open`: people have to do it. */
export type Observation = { readonly what: string; readonly result: 'held' | 'broken' | 'open'; readonly seen: string }
