// Escapes foreign text for HTML: it is shown and does nothing.
import { oneLine, visible } from '../words/escape.js'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found)

/** Text of an element, or of an attribute in quotes, on one line. */
export const html = (text: string): string => escaped(oneLine(text))

/** The same with its line feeds. */
export const multilineHtml = (text: string): string => escaped(visible(text))

export const code = (text: string): string => `<code>${html(text)}</code>`
export const codeBlock = (text: string): string => `<pre tabindex="0">${multilineHtml(text.replace(/\n+$/, ''))}</pre>`
