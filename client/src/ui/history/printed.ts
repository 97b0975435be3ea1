import type { Shot } from "../../storage/database";
import { text } from "../../texts/texts";
import { element } from "../element";
import { shotView } from "./shot-view";

/** Hands a report to the browser's own printing, which also makes PDF: a photograph a block, nothing else of the app. */
export async function print(
  shots: readonly Shot[],
  picture: (id: string) => Promise<ArrayBuffer | undefined>,
): Promise<void> {
  document.querySelector(".report")?.remove(); // of the time before; phones print after print() has returned
  const made = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" }).format(new Date());
  const views: HTMLElement[] = [];
  for (const shot of shots) views.push(await shotView(shot, await picture(shot.id)));
  const title = element("h2", {}, text("report.title"));
  const foot = element("p", { className: "hint" }, text("report.made", { time: made }));
  document.body.append(element("section", { className: "report" }, title, foot, ...views));
  globalThis.print();
}

/** Gives a file to the user: to another app where the phone can, else as a download. */
export async function save(file: File): Promise<void> {
  if (navigator.canShare?.({ files: [file] })) {
    const shared = await navigator.share({ files: [file] }).then(
      () => true,
      (error) => error.name === "AbortError", // the user has thought better of it
    );
    if (shared) return;
  }
  const url = URL.createObjectURL(file);
  element("a", { href: url, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
