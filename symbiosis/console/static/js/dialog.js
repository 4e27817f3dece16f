// A dialog in the browser's own way: focus stays in it, Esc closes it, focus goes back to where it was.
import { html, useEffect, useRef } from "./html.js";
import { t } from "./words.js";

export function Dialog({ title, onClose, children }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const beside = (event) => event.target === box.current && onClose();
  return html`<dialog ref=${box} class="dialog" aria-labelledby="dialog-title" onClose=${onClose} onClick=${beside}>
    <div class="dialog-inside">
      <header>
        <h2 id="dialog-title">${title}</h2>
        <button type="button" class="plain close" aria-label=${t("shell.close")} onClick=${onClose}>×</button>
      </header>
      ${children}
    </div>
  </dialog>`;
}
