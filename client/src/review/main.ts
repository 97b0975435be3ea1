import { applyTheme, token } from "../storage/settings";
import { Desk } from "./desk";
import { Names } from "./names";

applyTheme();
token(); // out of the address at once
const names = new Names();
void names.load().then(() => new Desk(document.querySelector<HTMLElement>("#desk")!, names).start());
