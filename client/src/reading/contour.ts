/** Lines around where a map is at least a level: marching squares, closed, each point 0 to 1 of the picture. */
import type { Line } from "../storage/database";

/** @param map float[rows, columns], of cells whose middles are meant; beyond the picture there is nothing */
export function contours(map: ArrayLike<number>, rows: number, columns: number, level: number): Line[] {
  const value = (x: number, y: number) => (x < 0 || y < 0 || x >= columns || y >= rows ? 0 : map[y * columns + x]!);
  const next = new Map<string, string>(); // from edge to edge, what is inside on the same hand
  const points = new Map<string, readonly [number, number]>();
  for (let y = -1; y < rows; y++) {
    for (let x = -1; x < columns; x++) {
      // its corners clockwise, each with the edge from it to the next
      const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]] as const; // prettier-ignore
      const edges = [`h${x},${y}`, `v${x + 1},${y}`, `h${x},${y + 1}`, `v${x},${y}`];
      const inside = corners.map(([cx, cy]) => value(cx, cy) >= level);
      corners.forEach((from, i) => {
        const to = corners[(i + 1) % 4]!;
        if (inside[i] === inside[(i + 1) % 4]) return;
        const [a, b] = [value(...from), value(...to)];
        const share = (level - a) / (b - a);
        points.set(edges[i]!, [
          within((from[0] + share * (to[0] - from[0]) + 0.5) / columns),
          within((from[1] + share * (to[1] - from[1]) + 0.5) / rows),
        ]);
        if (inside[i]) return;
        // it goes in here, and out at the next edge that leads out
        for (let step = 1; step < 4; step++) {
          const at = (i + step) % 4;
          if (inside[at] && !inside[(at + 1) % 4]) return next.set(edges[i]!, edges[at]!);
        }
        return;
      });
    }
  }
  return closed(next, points);
}

function closed(next: Map<string, string>, points: Map<string, readonly [number, number]>): Line[] {
  const lines: Line[] = [];
  for (const start of next.keys()) {
    const line: (readonly [number, number])[] = [];
    for (let edge: string | undefined = start; edge !== undefined && next.has(edge);) {
      line.push(points.get(edge)!);
      const to: string = next.get(edge)!;
      next.delete(edge);
      edge = to;
    }
    if (line.length) lines.push(line);
  }
  return lines;
}

const within = (share: number) => Math.min(Math.max(Math.round(share * 1e4) / 1e4, 0), 1);
