/** The Web Locks API, which Node 20 lacks: one holder of a name at a time, in the order of asking. */
export function locks() {
  const tails = new Map<string, Promise<unknown>>();
  const held = new Set<string>();
  return {
    request(name: string, work: () => Promise<unknown>) {
      const mine = async () => {
        held.add(name);
        return Promise.resolve(work()).finally(() => held.delete(name));
      };
      const next = (tails.get(name) ?? Promise.resolve()).then(mine, mine);
      tails.set(name, next);
      return next;
    },
    query: async () => ({ held: [...held].map((name) => ({ name })) }),
  };
}
