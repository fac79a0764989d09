// What is looked at after the last step, and the lines of a checklist, as plain data.

/** A line of a checklist with what was seen: `open` is for people to do. */
export type Observation = { readonly what: string; readonly result: 'held' | 'broken' | 'open'; readonly seen: string }
