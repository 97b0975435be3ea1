import { reviewer, setReviewer, setToken } from "../storage/settings";
import { element } from "../ui/element";

/** Asks who reviews, and for the token where the server wants one. */
export function signIn(place: HTMLElement, reason: string, wantsToken: boolean): Promise<void> {
  const name = element("input", {
    type: "text",
    value: reviewer(),
    maxLength: 60,
    required: true,
    autocomplete: "name",
  });
  const secret = element("input", { type: "password", autocomplete: "off", required: true });
  const form = element(
    "form",
    { className: "sign-in" },
    element("h1", {}, "Review"),
    element("p", { className: "soft", aria: { role: "status" } }, reason),
    element("label", {}, "Your name, written beside each decision", name),
    wantsToken && element("label", {}, "The token that the server printed", secret),
    element("button", { type: "submit", className: "button main" }, "Begin"),
  );
  place.replaceChildren(form);
  (reviewer() && wantsToken ? secret : name).focus();
  return new Promise((resolve) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      if (!name.value.trim()) return;
      setReviewer(name.value.trim());
      if (wantsToken) setToken(secret.value.trim());
      resolve();
    };
  });
}
