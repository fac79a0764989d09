// Markdown as GitHub shows it: parsed as GFM, then cut down to the elements and attributes that GitHub lets through.
import type { Element, Nodes, Root } from 'hast'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import rehypeStringify from 'rehype-stringify'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'

const toTree = unified().use(remarkParse).use(remarkGfm).use(remarkRehype, { allowDangerousHtml: true }).use(rehypeRaw)

const clean = unified().use(rehypeSanitize, defaultSchema).use(rehypeStringify)

/** The finished page. */
export const htmlOf = async (markdown: string): Promise<string> =>
  clean.stringify(await clean.run(await treeOf(markdown)))

/** The page before anything is cut away: what is in it was meant, or got in. */
export const treeOf = async (markdown: string): Promise<Root> => toTree.run(toTree.parse(markdown))

/** Every element, in document order. */
export function elementsOf(node: Nodes): readonly Element[] {
  const inside = 'children' in node ? node.children.flatMap((child) => elementsOf(child)) : []
  return node.type === 'element' ? [node, ...inside] : inside
}

/** Elements of these names and all that is in them left out. */
export function textOf(node: Nodes, without: readonly string[] = []): string {
  if (node.type === 'text') return node.value
  if (node.type === 'element' && without.includes(node.tagName)) return ''
  return 'children' in node ? node.children.map((child) => textOf(child, without)).join('') : ''
}

/** Comments, of which the page must have none but ours. */
export const commentsOf = (node: Nodes): readonly string[] =>
  node.type === 'comment' ? [node.value] : 'children' in node ? node.children.flatMap((child) => commentsOf(child)) : []
