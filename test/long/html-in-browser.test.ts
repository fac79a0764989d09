// The HTML report in a real browser: by keyboard, in both themes, on a phone, and with what strangers may write.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import axe from 'axe-core'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import type { Report } from '../../src/report/check-report.js'
import { renderHtml } from '../../src/render/html/report.js'
import { makeFolder, type Folder } from '../adapters/host/folder.js'
import { badChange, cleanChange } from '../render/change-reports.js'
import { environment, hostile, HOSTILE, many, mixed } from '../render/reports.js'

const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome']
  .map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim())
  .find((path) => path !== '')
const withChromium = CHROMIUM === undefined ? describe.skip : describe

/** The browser's own words are not those of this program: its expressions go as text. */
const ask = <T>(page: Page, expression: string): Promise<T> => page.evaluate(expression) as Promise<T>

withChromium('in Chromium', () => {
  let browser: Browser
  let folder: Folder
  beforeAll(async () => {
    folder = makeFolder({})
    browser = await puppeteer.launch({
      executablePath: CHROMIUM ?? '',
      userDataDir: folder.at('profile'),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    folder.remove()
  })

  let pages = 0
  /** `heard` are requests that went out, dialogs that came up, and what the page complained about. */
  async function open(
    report: Report,
    width = 1280,
  ): Promise<{ readonly page: Page; readonly heard: readonly string[] }> {
    const file = folder.at(`${pages++}.html`)
    writeFileSync(file, renderHtml(report))
    const page = await browser.newPage()
    await page.setViewport({ width, height: 900 })
    const heard: string[] = []
    page.on('request', (request) => {
      if (request.url() !== `file://${file}`) heard.push(request.url())
    })
    page.on('dialog', (dialog) => {
      heard.push(dialog.message())
      void dialog.dismiss()
    })
    page.on('console', (message) => heard.push(message.text()))
    page.on('pageerror', (error) => heard.push(String(error)))
    await page.goto(`file://${file}`)
    return { page, heard }
  }

  const shown = (page: Page): Promise<string> => ask<string>(page, "document.getElementById('shown').textContent")

  test.each([
    ['mixed', mixed()],
    ['a change', badChange()],
    ['a clean change', cleanChange()],
    ['no server', environment()],
  ])(
    'axe finds nothing, light and dark, wide and on a phone: %s',
    async (_, report) => {
      for (const width of [390, 1280]) {
        const { page, heard } = await open(report, width)
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        // The page's own policy lets no script in but its own.
        const session = await page.createCDPSession()
        await session.send('Page.setBypassCSP', { enabled: true })
        await page.evaluate(axe.source)
        for (const theme of ['light', 'dark'] as const) {
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
          // A theme changes colours alone.
          const rules = theme === 'dark' ? ['color-contrast', 'link-in-text-block'] : []
          const { violations } = await page.evaluate(
            (only) => (globalThis as unknown as { axe: typeof axe }).axe.run(only.length > 0 ? { runOnly: only } : {}),
            rules,
          )
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`)).toEqual([])
        }
        const wide = await ask<boolean>(
          page,
          'document.documentElement.scrollWidth > document.documentElement.clientWidth',
        )
        expect(wide).toBe(false)
        expect(heard).toEqual([])
        await page.close()
      }
    },
    60_000,
  )

  test('search, filter and theme by keyboard', async () => {
    const { page } = await open(mixed())
    const all = await shown(page)
    await page.focus('input[type=search]')
    await page.keyboard.type('zzz nothing')
    expect(await shown(page)).toMatch(/^0 of \d+ findings and migrations shown$/)
    for (let i = 0; i < 11; i++) await page.keyboard.press('Backspace')
    expect(await shown(page)).toBe(all)
    await page.keyboard.press('Tab')
    await page.select('select[name=level]', 'error')
    const [number] = (await shown(page)).split(' ')
    expect(Number(number)).toBeGreaterThan(0)
    expect(await shown(page)).not.toBe(all)
    const theme = (): Promise<string> => ask<string>(page, 'getComputedStyle(document.documentElement).colorScheme')
    const before = await theme()
    await page.focus('#theme')
    await page.keyboard.press('Enter')
    expect(await theme()).not.toBe(before)
    await page.close()
  })

  test('without a script everything can be read, and no control is there that does nothing', async () => {
    const file = folder.at('plain.html')
    writeFileSync(file, renderHtml(mixed()))
    const page = await browser.newPage()
    await page.setJavaScriptEnabled(false)
    await page.goto(`file://${file}`)
    expect(await ask<boolean>(page, "document.querySelector('form').hidden")).toBe(true)
    expect(await page.$$eval('article', (all) => all.length)).toBeGreaterThan(0)
    await page.close()
  })

  test.each(Object.entries(HOSTILE))('hostile text runs nothing and asks for nothing: %s', async (_, text) => {
    const { page, heard } = await open(hostile(text))
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    expect(heard).toEqual([])
    await page.close()
  })

  test('a thousand migrations can be searched', async () => {
    const { page, heard } = await open(many(1000))
    await page.type('input[type=search]', '00999')
    expect(await shown(page)).toMatch(/^[1-9]\d* of /)
    expect(heard).toEqual([])
    await page.close()
  })
})
