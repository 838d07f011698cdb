// What a page does by itself, if it can; it is complete without.
// 1. A job goes on from state to state between two builds, at the instants that the page carries, and never back.
// 2. The list of open jobs is filtered; the choice is in the address.
// 3. The link to an entry is copied.
"use strict";
{
  const badges = document.currentScript.dataset;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  let waiting;

  const move = (job, kind) => {
    const badge = job.querySelector(".app-badge");
    if (badge) {
      badge.className = `app-badge app-badge--${kind}`;
      badge.textContent = badges[kind];
    }
    const notices = all(".app-notice", job);
    if (notices.some((notice) => notice.dataset.state === kind)) {
      for (const notice of notices) notice.hidden = notice.dataset.state !== kind;
    }
    if (kind !== "closed") return;
    for (const link of all(".app-apply, .app-calendar", job)) link.hidden = true;
    const date = job.querySelector(".app-row__date");
    if (date && job.dataset.past) date.firstChild.data = `${job.dataset.past} `;
  };

  const pass = () => {
    const now = Date.now() / 1000;
    let next = now + 3600;
    for (const job of all("[data-then]")) {
      const then = job.dataset.then.split(" ");
      let kind;
      while (then[1] <= now) [kind] = then.splice(0, 2);
      if (kind) move(job, kind);
      job.dataset.then = then.join(" ");
      if (then[1] < next) next = +then[1];
    }
    clearTimeout(waiting);
    waiting = setTimeout(pass, (next - now) * 1000 + 50);
  };

  pass();
  addEventListener("pageshow", pass);
  document.addEventListener("visibilitychange", pass);

  const box = document.querySelector(".app-filters");
  if (box) {
    const form = box.querySelector("form");
    const status = box.querySelector("[role=status]");
    const controls = all("select", form);
    const rows = all("[data-terms]").map((row) => [row, row.dataset.terms.split(" ")]);
    const chosen = () => controls.filter((control) => control.value);

    const show = () => {
      const wanted = chosen().map((control) => `${control.name}/${control.value}`);
      let count = 0;
      for (const [row, terms] of rows) {
        row.hidden = !wanted.every((term) => terms.includes(term));
        count += !row.hidden;
      }
      const { none, some } = status.dataset;
      status.textContent = wanted.length ? (count ? some.replace("{}", count) : none) : status.dataset.all;
    };
    const read = () => {
      const asked = new URLSearchParams(location.search);
      for (const control of controls) {
        control.value = asked.get(control.name) || "";
        if (control.selectedIndex < 0) control.value = "";
      }
      box.open ||= chosen().length > 0;
      show();
    };
    const choose = () => {
      const query = new URLSearchParams(chosen().map((control) => [control.name, control.value])).toString();
      history.pushState(null, "", location.pathname + (query && `?${query}`));
      show();
    };

    form.addEventListener("change", choose);
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const control of controls) control.value = "";
      choose();
    });
    addEventListener("popstate", read);
    box.hidden = false;
    read();
  }

  for (const copy of navigator.clipboard ? all(".app-copy") : []) {
    const status = copy.querySelector("[role=status]");
    copy.hidden = false;
    copy.querySelector("button").addEventListener("click", () => {
      navigator.clipboard.writeText(document.querySelector("link[rel=canonical]").href).then(
        () => (status.textContent = status.dataset.done),
        () => (status.textContent = status.dataset.failed),
      );
    });
  }
}
