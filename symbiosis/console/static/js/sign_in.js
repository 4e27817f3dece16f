// Signing in with what proves who one is: an access token of the house, an API key, or a development token.
import { ask } from "./api.js";
import { html, useState } from "./html.js";
import { Fault, Field } from "./parts.js";
import { go } from "./route.js";
import { session } from "./session.js";
import { t } from "./words.js";

export function SignIn() {
  const [token, setToken] = useState("");
  const [failed, setFailed] = useState(null);
  const entered = async (event) => {
    event.preventDefault();
    setFailed(null);
    session.token = token.trim();
    try {
      await ask("Me");
      session.enter(token.trim());
      go("#/");
    } catch (error) {
      session.leave();
      setFailed(error);
    }
  };
  return html`<section class="card narrow">
    <h1>${t("shell.enter")}</h1>
    <p>${t("shell.enter.why")}</p>
    <form onSubmit=${entered}>
      <${Field} id="token" label=${t("shell.token")} hint=${t("shell.token.hint")}>
        <input id="token" type="password" autocomplete="off" spellcheck="false" required aria-describedby="token-hint"
          value=${token} onInput=${(event) => setToken(event.target.value)} />
      <//>
      <${Fault} error=${failed} />
      <button class="first">${t("shell.enter")}</button>
    </form>
  </section>`;
}
