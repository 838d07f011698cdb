// The search. It looks words up in the files that digest/planning/search_views.py describes, and fetches nothing else.
// Words are taken apart as digest/planning/search_words.py does it; a test holds the two together.
"use strict";

const search = {
  fold: text => text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f'\u2019]/g, "").replace(/ς/g, "σ"),

  stem: word => {
    if ([...word].length < 4 || !word.endsWith("s") || /[sui]s$/.test(word)) return word;
    if (word.endsWith("ies") && [...word].length > 4) return word.slice(0, -3) + "y";
    return word.slice(0, /(x|ch|sh|ss)es$/.test(word) ? -2 : -1);
  },

  raw: text => search.fold(text).match(/[\p{L}\p{N}]+/gu) ?? [],

  words: text => search.raw(text).map(search.stem),

  bucket: word => [...word].slice(0, 3).reduce((place, letter) => (place * 31 + letter.codePointAt(0)) % 256, 0),
};

(() => {
  const form = document.querySelector("form[data-index]");
  if (!form) return;
  const part = name => document.querySelector(`[data-${name}]`);
  const [status, results, row, more, none, start] = ["status", "results", "row", "more", "none", "start"].map(part);
  const base = new URL(form.dataset.index, location);
  const controls = [...form.elements].filter(control => control.name);
  const title = document.title;
  const STEP = 10; // rows that are shown at once
  const WEIGHTS = [2, 6, 8]; // of a word in the body, in names, in the title; half of it where it only begins so
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const digit = letter => LETTERS.indexOf(letter);

  // --- files

  const files = new Map();
  let index, closing, turn = 0;

  const load = async (name, options) => {
    const answer = await fetch(new URL(name, base), options);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer.json();
  };

  const file = name => {
    if (!files.has(name)) files.set(name, load(name).catch(error => { files.delete(name); throw error; }));
    return files.get(name);
  };

  const begin = async () => {
    index = await load("", { cache: "no-cache" });
    closing = new Map(index.closing.map(([number, ends], rank) => [number, { rank, ends: ends * 1000 }]));
  };

  // --- what is found: numbers of entries, each with how well it answers

  const add = (found, text, factor) => {
    for (const segment of text.split(";")) {
      let block = 0;
      for (const letter of segment.slice(0, index.width)) block = block * 64 + digit(letter);
      segment.slice(index.width).split(",").forEach((list, field) => {
        const weight = WEIGHTS[field] * factor;
        const take = place => {
          const number = block * 64 + place;
          if (!(found.get(number) >= weight)) found.set(number, weight);
        };
        if (list[0] !== "!") for (const letter of list) take(digit(letter));
        else [...list.slice(1)].forEach((letter, place) => {
          for (let bit = 0; bit < 6; bit++) if (digit(letter) >> bit & 1) take(place * 6 + bit);
        });
      });
    }
  };

  const find = async ({ word, open }) => {
    const number = search.bucket(word) % index.words.length;
    const words = await file(`words/${number}.${index.words[number]}.json`);
    const found = new Map();
    if (Object.hasOwn(words, word)) add(found, words[word], 1);
    if (open) for (const other of Object.keys(words)) {
      if (other !== word && other.startsWith(word) && !other.includes(":")) add(found, words[other], 0.5);
    }
    return found;
  };

  const over = number => closing.get(number)?.ends <= Date.now(); // closed since the site was built
  const state = number => over(number) ? "c" : index.states[number >> 6][number & 63];
  const isOpen = number => closing.has(number) && !over(number);
  const rank = number => isOpen(number) ? closing.get(number).rank : Infinity;
  const newest = (a, b) => b[0] - a[0];
  const ORDERS = {
    "": (a, b) => b[1] - a[1] || isOpen(b[0]) - isOpen(a[0]) || newest(a, b),
    closing: (a, b) => rank(a[0]) - rank(b[0]) || newest(a, b),
    newest,
  };

  const answer = async (asked, states, order) => {
    const all = await Promise.all(asked.map(find));
    const unknown = asked.filter((_, place) => !all[place].size).map(one => one.typed).filter(Boolean);
    let hits = all.shift();
    if (!hits) {
      hits = new Map();
      index.states.forEach((block, place) => [...block].forEach((_, at) => hits.set(place * 64 + at, 0)));
    }
    for (const found of all) {
      hits = new Map([...hits].flatMap(([number, score]) => {
        return found.has(number) ? [[number, score + found.get(number)]] : [];
      }));
    }
    const shown = [...hits].filter(([number]) => !states || states.includes(state(number)));
    return [shown.sort(ORDERS[order] ?? ORDERS[""]).map(([number]) => number), unknown];
  };

  // --- what is shown

  const marked = (element, text, typed) => {
    let at = 0;
    for (const found of text.matchAll(/[\p{L}\p{N}\p{M}'’]+/gu)) {
      const hit = word => typed.some(one => one.word === word || one.open && word.startsWith(one.word));
      if (search.words(found[0]).some(hit)) {
        const mark = document.createElement("mark");
        mark.textContent = found[0];
        element.append(text.slice(at, found.index), mark);
        at = found.index + found[0].length;
      }
    }
    element.append(text.slice(at));
  };

  const show = (facts, number, typed) => {
    const [kind, href, lang, name, organisation, place, pay, label, date, iso, word, badge, summary] = facts;
    const made = row.content.firstElementChild.cloneNode(true);
    const is = slot => made.querySelector(`[data-is="${slot}"]`);
    const fill = (slot, text) => text ? is(slot).append(text) : is(slot).remove();
    made.classList.add(`app-row--${kind}`);
    Object.assign(is("title"), { href, lang });
    marked(is("title"), name, typed);
    fill("organisation", organisation);
    fill("place", place);
    fill("pay", pay);
    fill("date", over(number) ? label.replace("Closes", "Closed") : label);
    if (date) {
      const time = document.createElement("time");
      time.dateTime = iso;
      time.textContent = date;
      is("date").append(" ", time);
    }
    fill("badge", over(number) ? "Closed" : word);
    is("badge")?.classList.add(`app-badge--${over(number) ? "closed" : badge}`);
    marked(is("summary"), summary, typed);
    is("summary").lang = lang;
    return made;
  };

  const plenty = (number, one, many) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;

  const run = async (again = false) => {
    const mine = ++turn;
    const asked = new URLSearchParams(location.search);
    for (const control of controls) {
      control.value = asked.get(control.name) ?? "";
      if (control.selectedIndex < 0) control.value = "";
    }
    const value = name => form.elements[name].value;
    const words = search.words(value("q"));
    const written = search.raw(value("q"));
    const typed = words.map((word, place) => {
      return { word, typed: written[place], open: place === words.length - 1 && [...word].length > 2 };
    });
    const facets = controls.filter(control => "facet" in control.dataset && control.value);
    const states = form.elements.state.selectedOptions[0].dataset.states;
    const idle = !typed.length && !facets.length && !states;
    document.title = words.length ? `${value("q").trim()} – ${title}` : title;
    if (facets.length || states || value("sort")) part("filters").open = true;
    start.hidden = !idle;
    try {
      if (!index || again) await begin();
      const filters = facets.map(control => ({ word: `${control.value}:${control.name}` }));
      const [found, unknown] = idle ? [[], []] : await answer([...typed, ...filters], states, value("sort"));
      const wanted = Math.max(STEP, Math.min(Number(asked.get("show")) || 0, found.length));
      const fresh = await Promise.all(found.slice(0, wanted).map(async number => {
        return show((await file(`rows/${index.rows[number >> 6]}.json`))[number & 63], number, typed);
      }));
      if (mine !== turn) return;
      results.replaceChildren(...fresh);
      more.hidden = wanted >= found.length;
      none.hidden = idle || found.length > 0;
      const nothing = `Nothing found${unknown.length ? `: no entry has “${unknown.join("” or “")}”` : ""}`;
      status.textContent = idle ? "" : found.length ? `${plenty(found.length, "entry", "entries")} found` : nothing;
    } catch (error) {
      if (mine !== turn) return;
      if (!again) return run(true); // the site was published anew meanwhile: its files have other names
      results.replaceChildren();
      more.hidden = none.hidden = true;
      status.textContent = "The search could not be loaded. Check your connection, and search again.";
    }
  };

  const address = asked => {
    const given = [...asked].filter(([, value]) => value.trim());
    return given.length ? `${form.action}?${new URLSearchParams(given)}` : form.action;
  };

  form.addEventListener("submit", event => {
    event.preventDefault();
    const target = address(new FormData(form));
    if (target !== location.href) history.pushState(null, "", target);
    run();
  });
  form.addEventListener("change", event => {
    if (event.target.name !== "q") form.requestSubmit();
  });
  more.addEventListener("click", async () => {
    const asked = new URLSearchParams(location.search), before = results.children.length;
    asked.set("show", before + STEP);
    history.replaceState(null, "", address(asked));
    await run();
    results.children[before]?.querySelector("a").focus();
  });
  addEventListener("popstate", () => run());

  part("without").hidden = true;
  form.hidden = false;
  part("filters").open = matchMedia("(min-width: 62rem)").matches;
  run();
})();
