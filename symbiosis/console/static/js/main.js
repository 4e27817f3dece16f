// The shell: who is here, which view, which language and light; the view itself is fetched when it is gone to.
import { ask } from "./api.js";
import { html, render, useEffect, useErrorBoundary, useState } from "./html.js";
import { Busy, Fault, Toasts } from "./parts.js";
import { go, link, useRoute } from "./route.js";
import { session, useSession } from "./session.js";
import { words } from "./shell_words.js";
import { SignIn } from "./sign_in.js";
import { isDark, switchTheme, useTheme } from "./theme.js";
import { VIEWS, viewsFor } from "./views.js";
import { currentLanguage, learn, speak, t, useLanguage } from "./words.js";

learn(words);

function App() {
  useLanguage();
  const { me, ready, token } = useSession();
  const now = useRoute();
  const [failed, retry] = useMe(token);
  if (failed) return html`<main><${Fault} error=${failed} again=${retry} /></main>`;
  if (!ready) return html`<${Busy} />`;
  const views = viewsFor(me);
  const wanted = now.view === "sign-in" ? null : (VIEWS.find((view) => view.name === now.view) ?? views[0]);
  return html`<a class="skip" href="#content" onClick=${skipped}>${t("shell.skip")}</a>
    <${Header} views=${views} current=${wanted?.name} me=${me} />
    <main id="content" tabindex="-1">
      ${wanted === null
        ? html`<${SignIn} />`
        : html`<${Loaded} key=${`${wanted.name} ${me?.id}`} view=${wanted} route=${now} />`}
    </main>
    <${Toasts} />`;
}

// The address's # is the router's: the skip link moves the focus itself.
function skipped(event) {
  event.preventDefault();
  document.getElementById("content").focus();
}

function useMe(token) {
  const [failed, setFailed] = useState(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!token) {
      session.known(null);
      return;
    }
    setFailed(null);
    ask("Me").then(
      (data) => session.known(data.me),
      (error) => (error.code === "UNREACHABLE" ? setFailed(error) : session.leave()),
    );
  }, [token, round]);
  return [failed, () => setRound(round + 1)];
}

function Header({ views, current, me }) {
  const dark = useTheme() === "dark";
  const other = currentLanguage() === "fr" ? "en" : "fr";
  return html`<header class="top">
    <a class="brand" href=${link("")}><img src="console/data/mark.svg" alt="" width="28" height="28" />Symbiosis</a>
    <nav aria-label=${t("shell.views")}>
      ${views.map(
        (view) => html`<a key=${view.name} href=${link(view.name)} aria-current=${view.name === current ? "page" : undefined}>
          ${t(`shell.view.${view.name}`)}
        </a>`,
      )}
    </nav>
    <div class="who">
      <button type="button" class="plain" lang=${other} onClick=${() => speak(other)}>${other === "fr" ? "Français" : "English"}</button>
      <button type="button" class="plain" aria-pressed=${dark ? "true" : "false"} aria-label=${t("shell.dark")} title=${t("shell.dark")} onClick=${switchTheme}>
        ${isDark() ? "☀" : "☾"}
      </button>
      ${me
        ? html`<span class="me">${me.name}</span>
            <button type="button" onClick=${() => (session.leave(), go(link("observatory")))}>${t("shell.leave")}</button>`
        : html`<a class="button" href=${link("sign-in")}>${t("shell.enter")}</a>`}
    </div>
  </header>`;
}

function Loaded({ view, route }) {
  const [module, setModule] = useState(null);
  const [failed, setFailed] = useState(null);
  const [broken, mend] = useErrorBoundary((error) => console.error(error));
  useEffect(() => {
    view.load().then(
      (loaded) => {
        learn(loaded.words);
        loaded.styles?.forEach(styled);
        setModule(loaded);
      },
      () => setFailed(new Error(t("shell.no_view"))),
    );
  }, []);
  useEffect(() => {
    document.title = `${t(`shell.view.${view.name}`)} · Symbiosis`;
  });
  if (failed) return html`<${Fault} error=${failed} again=${() => location.reload()} />`;
  if (broken) return html`<${Fault} error=${new Error(t("shell.broken"))} again=${mend} />`;
  if (!module) return html`<${Busy} />`;
  return html`<${module.View} route=${route} />`;
}

function styled(path) {
  const address = `console/${path}`;
  if (document.querySelector(`link[href="${address}"]`)) return;
  const sheet = document.createElement("link");
  Object.assign(sheet, { rel: "stylesheet", href: address });
  document.head.append(sheet);
}

render(html`<${App} />`, document.getElementById("app"));
