import { createServer, connect, type Socket } from "node:net";

const TICK = 20; // ms

/** A slow line to a server on this machine: so many bytes a second down, over all connections, and a delay each way. */
export async function line(port: number, bytesASecond: number, delay: number) {
  let budget = 0;
  let come = 0;
  const waiting: [Socket, Buffer | null][] = []; // null: its end
  const tick = setInterval(() => {
    budget = Math.min(budget + (bytesASecond * TICK) / 1000, (bytesASecond * 3 * TICK) / 1000);
    while (waiting.length && budget > 0) {
      const [to, part] = waiting[0]!;
      if (part === null) {
        to.end();
        waiting.shift();
        continue;
      }
      const now = part.subarray(0, Math.max(1, Math.floor(budget)));
      budget -= now.length;
      come += now.length;
      to.write(now);
      if (now.length === part.length) waiting.shift();
      else waiting[0] = [to, part.subarray(now.length)];
    }
  }, TICK);
  const server = createServer((phone) => {
    const far = connect(port, "127.0.0.1");
    phone.on("data", (part) => setTimeout(() => far.write(part), delay));
    far.on("data", (part: Buffer) => setTimeout(() => waiting.push([phone, part]), delay));
    phone.on("error", () => far.destroy());
    far.on("error", () => undefined);
    phone.on("close", () => far.end());
    far.on("close", () => setTimeout(() => waiting.push([phone, null]), delay));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}/`,
    come: () => come,
    close: () => {
      clearInterval(tick);
      server.close();
    },
  };
}
