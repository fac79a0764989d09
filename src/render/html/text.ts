// Text that others wrote, as HTML that shows it and does nothing.
import { oneLine, visible } from '../words/escape.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found)

/** For the text of an element or an attribute in quotes, on one line. */
export const html = (text: string): string => escaped(oneLine(text))

/** The same with its lines. */
export const lines = (text: string): string => escaped(visible(text))

export const code = (text: string): string => `<code>${html(text)}</code>`
export const block = (text: string): string => `<pre tabindex="0">${lines(text.replace(/\n+$/, ''))}</pre>`
