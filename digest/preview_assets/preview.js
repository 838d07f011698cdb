// Put into each page by `build.py serve`, and into none that is published: hears of builds, loads the page again when
// it or a picture of it has changed, at the place where it was, and shows problems over it until they are mended.
"use strict";
(() => {
  const own = document.currentScript;
  const key = `preview-place ${location.pathname}${location.search}`;

  // --- the place on the page ---------------------------------------------------------------------------------

  const place = sessionStorage.getItem(key);
  if (place) {
    sessionStorage.removeItem(key);
    const [left, top] = place.split(" ").map(Number);
    const back = () => window.scrollTo({left, top, behavior: "instant"});
    back();
    addEventListener("load", back, {once: true});
  }

  const again = () => {
    sessionStorage.setItem(key, `${window.scrollX} ${window.scrollY}`);
    location.reload();
  };

  // --- problems ----------------------------------------------------------------------------------------------

  const host = document.createElement("preview-problems");
  const shadow = host.attachShadow({mode: "open"});
  shadow.innerHTML = `
    <button class="note" type="button" hidden></button>
    <dialog aria-labelledby="heading">
      <form method="dialog">
        <h1 id="heading"></h1>
        <button>Close</button>
      </form>
      <pre tabindex="0" role="group" aria-label="Problems"></pre>
      <p>This goes by itself once the problem is mended. The page below is the last good one.</p>
    </dialog>
    <p class="told" role="status"></p>`;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("preview.css", own.src).href;
  const styled = new Promise(done => ["load", "error"].forEach(how => sheet.addEventListener(how, done)));
  shadow.prepend(sheet);
  const [note, dialog, told] = ["button.note", "dialog", ".told"].map(name => shadow.querySelector(name));
  note.addEventListener("click", () => dialog.showModal());
  let shown = "";

  const show = async state => {
    const said = JSON.stringify(state);
    if (said === shown) return;
    const before = shown;
    shown = said;
    if (!state.level) {
      if (dialog.open) dialog.close();
      note.hidden = true;
      if (before && host.isConnected) told.textContent = "The problems are mended.";
      return;
    }
    if (!host.isConnected) document.documentElement.append(host);
    await styled;
    if (shown !== said) return;
    host.dataset.level = state.level;
    dialog.querySelector("h1").textContent = state.heading;
    dialog.querySelector("pre").replaceChildren(...lines(state.text));
    dialog.querySelector("pre").hidden = !state.text;
    dialog.querySelector("p").hidden = state.level !== "error";
    note.textContent = state.heading.split(". ")[0];
    note.hidden = false;
    told.textContent = "";
    if (state.level === "error" && !dialog.open) dialog.showModal();
  };

  // A problem begins with its place and ends before the next one; its first line and its marks stand out.
  const lines = text => text.split("\n").map(line => {
    const span = document.createElement("span");
    span.className =
      /^\S.*: (error|warning)\[/.test(line) ? "place" : /^ *\| *\t*\s*\^+$/.test(line) ? "marks" : "";
    span.textContent = line;
    return span;
  });

  // --- hearing of builds -------------------------------------------------------------------------------------

  const pictures = () => [...document.querySelectorAll("img[src], link[rel~=stylesheet], link[rel~=icon], script[src]")]
    .map(element => new URL(element.src || element.href, location.href))
    .filter(address => address.origin === location.origin && !address.pathname.startsWith("/_preview/"))
    .map(address => decodeURIComponent(address.pathname));

  let line;
  const listen = () => {
    const asked = new URLSearchParams({version: own.dataset.version});
    [own.dataset.file, ...new Set(pictures())].forEach(file => asked.append("file", file));
    line = new EventSource(new URL(`events?${asked}`, own.src));
    line.addEventListener("reload", () => {
      line.close();
      again();
    });
    line.addEventListener("problems", event => {
      const state = JSON.parse(event.data);
      if (own.dataset.file) show(state);
      else if (own.dataset.said !== event.data) saidHere(state, event.data);
    });
  };

  // While there is no site the page itself says why.
  const saidHere = (state, data) => {
    own.dataset.said = data;
    const [heading, pre] = [document.querySelector("h1"), document.querySelector("pre")];
    heading.textContent = state.heading || "The site is being built…";
    pre.replaceChildren(...lines(state.text));
    pre.hidden = !state.text;
  };

  // A page that was kept while the reader was elsewhere has not listened meanwhile.
  addEventListener("pagehide", () => line && line.close());
  addEventListener("pageshow", event => event.persisted && listen());
  listen();
})();
