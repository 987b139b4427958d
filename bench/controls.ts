// How soon what a person asks for is obeyed while all slots are busy.
import { type ControlKind, requestControl } from "../shared/control.ts";
import { type Bench, backends, until } from "./benchmark.ts";
import { sleeping } from "./executions.ts";
import { timeFigures } from "./figure.ts";
import { openStage, type Stage } from "./stage.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** As many as a worker runs at once by default. */
const slots = 5;
const long = sleeping(3600);
const agent = "name: looking\non: {}\nsteps: [{ id: plan, agent: plan }]\n";

export async function controls({ signal, isShort, report }: Bench): Promise<void> {
  for (const backend of backends) {
    await using stage = await openStage({ backend, signal });
    const people = createPeople(stage, await stage.startWorker(), signal);
    const times = await obeyedByTools(people, isShort ? 2 : 20);
    const steered = await obeyedByAgents(people, isShort ? 1 : 4);
    const figures = (what: string, list: number[]) => timeFigures(`${backend}: ${what}`, list, 1, 5);
    report(
      ...figures("cancel of a running execution", times.cancel),
      ...figures("pause of a running execution", times.pause),
      ...figures("resume until the claim, with one slot free", times.resume),
      ...figures("cancel of a paused execution while all slots are busy", times.cancelPaused),
      ...figures("steer of an agent whose tools take 1 s", steered),
    );
  }
}

type People = ReturnType<typeof createPeople>;

function createPeople(stage: Stage, worker: WorkerProcess, signal: AbortSignal) {
  let started = 0;
  const claimedAfter = (id: string, time: number) =>
    until(`execution ${id} to be claimed`, signal, () => {
      const at = worker.claimed.get(id);
      return at !== undefined && at >= time ? at : undefined;
    });
  return {
    stage,
    signal,
    /** Starts an execution and waits until it runs. */
    async begin(source: string): Promise<string> {
      started += 1;
      const id = await stage.start(source, started % stage.places);
      await claimedAfter(id, 0);
      return id;
    },
    /** Asks for something, and gives the milliseconds by the database's clock until that was obeyed. */
    async ask(kind: ControlKind, execution: string): Promise<number> {
      await requestControl({ execution, kind, text: "Look elsewhere.", requestedBy: "bench" }, stage);
      const where = { executionId: execution, kind };
      return until(`${kind} of the execution ${execution} to be obeyed`, signal, async () => {
        const row = await stage.db.prisma.executionControl.findFirst({
          where,
          orderBy: { requestedAt: "desc" },
        });
        return row?.obeyedAt ? row.obeyedAt.getTime() - row.requestedAt.getTime() : undefined;
      });
    },
    /** A resumed execution is as good as obeyed once it is claimed again. */
    async resume(execution: string): Promise<number> {
      const askedAt = Date.now();
      await requestControl({ execution, kind: "resume", requestedBy: "bench" }, stage);
      return (await claimedAfter(execution, askedAt)) - askedAt;
    },
  };
}

/** Executions in the middle of a tool's call. */
async function obeyedByTools({ begin, ask, resume }: People, rounds: number) {
  const times = {
    cancel: [] as number[],
    pause: [] as number[],
    resume: [] as number[],
    cancelPaused: [] as number[],
  };
  const busy: string[] = [];
  while (busy.length < slots) busy.push(await begin(long));
  for (let round = 0; round < rounds; round++) {
    const [first = "", second = ""] = busy.splice(0, 2);
    times.pause.push(await ask("pause", first));
    times.resume.push(await resume(first));
    times.cancel.push(await ask("cancel", first));
    busy.push(await begin(long));

    times.pause.push(await ask("pause", second));
    busy.push(await begin(long));
    times.cancelPaused.push(await ask("cancel", second));
  }
  for (const id of busy) await ask("cancel", id);
  return times;
}

/** Agents that look and look, and hear of it at their next turn. */
async function obeyedByAgents({ stage, signal, begin, ask }: People, rounds: number): Promise<number[]> {
  const busy: string[] = [];
  while (busy.length < slots) busy.push(await begin(agent));
  await until("all agents to have had a turn", signal, async () => {
    const runs = await stage.db.prisma.agentRun.count({ where: { turns: { gt: 0 } } });
    return runs === slots ? true : undefined;
  });
  const times: number[] = [];
  for (let round = 0; round < rounds; round++)
    times.push(...(await Promise.all(busy.map((id) => ask("steer", id)))));
  return times;
}
