// The script of the HTML report: search, filter and theme. Without it everything is shown.

export const SCRIPT = `
'use strict'
const form = document.querySelector('form')
const theme = document.getElementById('theme')
const counter = document.getElementById('shown')
const items = [...document.querySelectorAll('[data-text]')]
const sections = [...document.querySelectorAll('section[data-database]')]
const words = items.map((item) => item.dataset.text.toLowerCase())
function show() {
  const wanted = form.elements.search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  const level = form.elements.level.value
  const database = form.elements.database.value
  let shown = 0
  items.forEach((item, i) => {
    const fits = wanted.every((word) => words[i].includes(word)) &&
      (level === 'all' || item.dataset.level === level || (level === 'problems' && item.dataset.level !== 'none')) &&
      (database === '' || item.dataset.database === database)
    item.hidden = !fits
    if (fits) shown++
  })
  for (const section of sections) {
    section.hidden = database !== '' && section.dataset.database !== database && section.dataset.database !== '*'
  }
  counter.textContent = shown + ' of ' + items.length + ' findings and migrations shown'
}
form.hidden = false
theme.hidden = false
form.addEventListener('input', show)
form.addEventListener('submit', (event) => event.preventDefault())
theme.addEventListener('click', () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === 'dark'
  document.documentElement.dataset.theme = dark ? 'light' : 'dark'
})
show()
`
