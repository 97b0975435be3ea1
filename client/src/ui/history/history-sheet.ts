import type { History } from "../../history/history";
import { jsonReport } from "../../history/report";
import { told } from "../../incidents/problem";
import type { Shot } from "../../storage/database";
import { text } from "../../texts/texts";
import { element } from "../element";
import { Sheet } from "../sheet";
import { toast } from "../toast";
import { print, save } from "./printed";
import { saidOf } from "./shot";
import { shotView, timeOf } from "./shot-view";

/** Photographs and verdicts that are kept on the phone: to be looked at, handed on, deleted. */
export class HistorySheet {
  readonly #sheet: Sheet;
  readonly #one: Sheet;
  readonly #list = element("ul", { className: "items" });
  readonly #empty = element("p", { className: "empty" }, text("history.empty"));

  constructor(
    private readonly history: History,
    closed: () => void,
  ) {
    this.#sheet = new Sheet(text("history"), () => {
      this.#list.replaceChildren();
      closed();
    });
    this.#one = new Sheet(text("thePhotograph"), () => this.#one.body.replaceChildren());
    for (const { dialog } of [this.#sheet, this.#one]) dialog.classList.add("history");
    this.#sheet.body.append(element("p", { className: "hint" }, text("history.what")), this.#list, this.#empty);
    history.onChange(() => this.#sheet.dialog.open && void this.#fill());
  }

  async open(): Promise<void> {
    await this.#fill();
    this.#sheet.open();
  }

  async #fill(): Promise<void> {
    const shots = await this.history.all();
    this.#list.replaceChildren(...shots.map((shot) => this.#row(shot)));
    this.#empty.hidden = shots.length > 0;
    this.#sheet.footer.replaceChildren(
      ...(shots.length
        ? [...this.#exports(() => shots), button(text("history.deleteAll"), () => this.#delete(shots))]
        : []),
    );
  }

  #row(shot: Shot): HTMLElement {
    const picture = element("img", { alt: "", loading: "lazy", decoding: "async", width: 64, height: 64 });
    if (shot.thumb) picture.src = shot.thumb;
    const said = element(
      "span",
      {},
      element("strong", { dir: "auto" }, saidOf(shot)),
      element("small", {}, timeOf(shot)),
      shot.correction && element("small", { dir: "auto" }, text("history.said", { classes: shot.correction.names.join(", ") })), // prettier-ignore
    );
    const open = element("button", { type: "button", className: "entry" }, picture, said);
    open.onclick = () => this.#done(this.#show(shot));
    return element(
      "li",
      {},
      open,
      button(text("delete"), () => this.#delete([shot])),
    );
  }

  async #show(shot: Shot): Promise<void> {
    this.#one.body.replaceChildren(await shotView(shot, await this.history.picture(shot.id)));
    this.#one.footer.replaceChildren(
      ...this.#exports(() => [shot]),
      button(text("delete"), async () => {
        this.#one.close();
        await this.#delete([shot]);
      }),
    );
    this.#one.open();
  }

  #exports(shots: () => readonly Shot[]): HTMLElement[] {
    const picture = (id: string) => this.history.picture(id);
    return [
      button(text("history.print"), () => this.#done(print(shots(), picture)), true),
      button(text("history.report"), () => this.#done(this.#saved(shots()))),
    ];
  }

  async #saved(shots: readonly Shot[]): Promise<void> {
    const made = new Date();
    const report = await jsonReport(shots, (id) => this.history.picture(id), made);
    const name = `weldspot-${made.toISOString().slice(0, 19).replace(/[T:]/g, "-")}.json`;
    await save(new File([report], name, { type: report.type }));
  }

  async #delete(shots: readonly Shot[]): Promise<void> {
    const undo = await this.history.remove(shots.map(({ id }) => id));
    toast(text("deleted"), { text: text("undo"), act: () => this.#done(undo()) });
  }

  #done(work: Promise<void>): void {
    work.catch((error) => toast(told(error)));
  }
}

function button(name: string, act: () => unknown, main = false): HTMLElement {
  const onclick = () => void act();
  return element("button", { type: "button", className: main ? "button main" : "button", onclick }, name);
}
