/** What a lane is counted by. */
export type Lane = { installation: number; repository: number };

/**
 * Counts the executions that run here by installation and by repository. A busy repository leaves a slot to the others
 * of its installation, and a busy installation leaves one to the other installations: who comes anew need not wait
 * until somebody else's long execution has ended.
 */
export function createLanes(slots: number) {
  const most = { installation: Math.max(1, slots - 1), repository: Math.max(1, slots - 2) };
  const running = { installation: new Map<number, number>(), repository: new Map<number, number>() };
  const full = (kind: "installation" | "repository") =>
    [...running[kind]].flatMap(([id, count]) => (count >= most[kind] ? [id] : []));
  const count = (kind: "installation" | "repository", id: number, by: 1 | -1) => {
    const left = (running[kind].get(id) ?? 0) + by;
    if (left > 0) running[kind].set(id, left);
    else running[kind].delete(id);
  };
  let turn: Promise<unknown> = Promise.resolve();

  return {
    /** The lanes that take no more. */
    full: () => ({ fullInstallations: full("installation"), fullRepositories: full("repository") }),
    enter({ installation, repository }: Lane): void {
      count("installation", installation, 1);
      count("repository", repository, 1);
    },
    leave({ installation, repository }: Lane): void {
      count("installation", installation, -1);
      count("repository", repository, -1);
    },
    /** Does one thing after the other, so that what one claims is counted before the next one looks. */
    inTurn<T>(work: () => Promise<T>): Promise<T> {
      const mine = turn.then(work);
      turn = mine.catch(() => {});
      return mine;
    },
  };
}
export type Lanes = ReturnType<typeof createLanes>;
