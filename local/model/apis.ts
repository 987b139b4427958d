import { anthropic } from "./anthropic/api.ts";
import type { Api } from "./api.ts";
import { chat } from "./chat/api.ts";
import { responses } from "./responses/api.ts";

/** All APIs that are spoken. The first one's words are used where none was meant. */
export const apis: [Api, ...Api[]] = [anthropic, responses, chat];
