/** The history as a file for others: docs/client.md has its shape. */
import type { Shot } from "../storage/database";

const VERSION = 1; // of the shape

/** A report as JSON, in parts: each photograph is read only when its turn comes. */
export async function jsonReport(
  shots: readonly Shot[],
  picture: (id: string) => Promise<ArrayBuffer | undefined>,
  made: Date,
): Promise<Blob> {
  const parts: BlobPart[] = [`{"app":"weldspot","report":${VERSION},"made":"${made.toISOString()}","photographs":[`];
  for (const [i, shot] of shots.entries()) {
    const image = await picture(shot.id);
    parts.push(i ? ",\n" : "\n", JSON.stringify(entry(shot, image)));
  }
  return new Blob([...parts, "\n]}\n"], { type: "application/json" });
}

function entry(shot: Shot, image: ArrayBuffer | undefined) {
  const { id, taken, model, kind, labels, names, obstacle, scores, outlines, correction, note } = shot;
  return {
    id,
    taken: new Date(taken).toISOString(),
    model,
    verdict: { kind, labels, names, obstacle },
    scores,
    outlines,
    correction,
    note,
    picture: image ? `data:image/jpeg;base64,${base64(new Uint8Array(image))}` : null,
  };
}

const CHUNK = 0x8000; // arguments that every engine takes

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}
