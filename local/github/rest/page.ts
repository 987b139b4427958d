import { Problem } from "./problem.ts";
import type { Answer, ApiRequest } from "./route.ts";

/** One page of a list with GitHub's Link header; `wrap` puts the list into an object, as some answers do. */
export async function page<T>(
  request: ApiRequest,
  items: T[],
  show: (item: T) => unknown,
  wrap: (shown: unknown[]) => unknown = (shown) => shown,
): Promise<Answer> {
  const perPage = pageSize(request);
  const current = positive(request.query("page")) ?? 1;
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const shown = await Promise.all(items.slice((current - 1) * perPage, current * perPage).map(show));
  const link = linkHeader(request.url, current, last);
  return { body: wrap(shown), headers: link ? { link } : {} };
}

/** One page of a list that grows at its beginning: `cursor` names the item that the page begins with. */
export function cursorPage<T extends { id: number }>(
  request: ApiRequest,
  items: T[],
  show: (item: T) => unknown,
): Answer {
  const perPage = pageSize(request);
  const cursor = request.query("cursor");
  const start = cursor === undefined ? 0 : items.findIndex(({ id }) => cursor === `v1_${id}`);
  if (start < 0) throw new Problem(422, `There is no page that begins with the cursor ${cursor}.`);
  const next = items[start + perPage];
  const other = new URL(request.url);
  other.searchParams.set("cursor", `v1_${next?.id}`);
  const body = items.slice(start, start + perPage).map(show);
  return next ? { body, headers: { link: `<${other.href}>; rel="next"` } } : { body };
}

function pageSize(request: ApiRequest): number {
  return Math.min(positive(request.query("per_page")) ?? 30, 100);
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

function linkHeader(url: URL, current: number, last: number): string {
  const relations: [string, number][] = [];
  if (current > 1) relations.push(["prev", current - 1]);
  if (current < last) relations.push(["next", current + 1], ["last", last]);
  if (current > 1) relations.push(["first", 1]);
  return relations.map(([name, number]) => `<${pageUrl(url, number)}>; rel="${name}"`).join(", ");
}

function pageUrl(url: URL, number: number): string {
  const other = new URL(url);
  other.searchParams.set("page", String(number));
  return other.href;
}
