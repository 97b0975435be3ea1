import { scanned } from "../camera/scanner";
import { asProblem } from "../incidents/problem";
import { setToken, token, tokenIn } from "../storage/settings";
import { text } from "../texts/texts";
import { element, say } from "./element";

/** The server's token: typed, pasted as the address that the server printed, or scanned. */
export function serverSection(saved: () => void): HTMLElement {
  const input = element("input", {
    type: "password",
    value: token(),
    autocomplete: "off",
    spellcheck: false,
    id: "token",
  });
  const told = element("p", { className: "hint", aria: { live: "polite" } }, text("server.token.what"));
  const video = element("video", { muted: true, playsInline: true, hidden: true });
  const keep = (given: string) => {
    input.value = tokenIn(given) || given.trim();
    setToken(input.value);
    say(told, text("server.saved"));
    saved();
  };
  const scan = element("button", { type: "button", className: "button" }, text("server.scan"));
  scan.onclick = async () => {
    scan.disabled = true;
    video.hidden = false;
    try {
      const found = await scanned(video, (code) => tokenIn(code) !== "");
      if (found) keep(found);
      else say(told, text("server.noScan"));
    } catch (error) {
      say(told, asProblem(error).title);
    }
    video.hidden = true;
    scan.disabled = false;
  };
  const form = element(
    "form",
    { className: "token" },
    input,
    element("button", { type: "submit", className: "button main" }, text("server.save")),
    scan,
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    keep(input.value);
  };
  const heading = element("h3", {}, element("label", { htmlFor: input.id }, text("server.token")));
  return element("section", { className: "server" }, heading, form, video, told);
}
