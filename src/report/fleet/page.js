"use strict";
(() => {
  const find = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const table = find("#table");
  const apps = all("tbody.app", table);
  const search = find("#search");
  const rule = find("#rule");
  const tiles = all("button.tile");
  const words = new Map();
  document.documentElement.classList.remove("no-script");

  // What the search looks at: everything that is said of an app but for its diff.
  const wordsOf = (app) => {
    if (!words.has(app)) {
      const parts = [app.dataset.name, app.dataset.rules];
      parts.push(find(".row", app).textContent);
      for (const part of find(".detail", app).children) {
        if (!find(".diff", part)) parts.push(part.textContent);
      }
      words.set(app, parts.join("\n").toLowerCase());
    }
    return words.get(app);
  };

  const filter = () => {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = tiles.filter((tile) => tile.getAttribute("aria-pressed") === "true");
    const readiness = chosen.map((tile) => tile.dataset.readiness);
    let shown = 0;
    for (const app of apps) {
      const fits =
        (readiness.length === 0 || readiness.includes(app.dataset.readiness)) &&
        (rule.value === "" || app.dataset.rules.split(" ").includes(rule.value)) &&
        asked.every((word) => wordsOf(app).includes(word));
      app.hidden = !fits;
      if (fits) shown += 1;
    }
    const noun = apps.length === 1 ? "app" : "apps";
    const isAll = shown === apps.length;
    find("#count").textContent = isAll ? `${shown} ${noun}` : `${shown} of ${apps.length} ${noun}`;
    find("#none").hidden = shown > 0 || apps.length === 0;
    table.hidden = shown === 0;
    find("#clear").hidden = !(asked.length || readiness.length || rule.value);
  };

  const clear = () => {
    search.value = "";
    rule.value = "";
    for (const tile of tiles) tile.setAttribute("aria-pressed", "false");
    filter();
    search.focus();
  };

  // A number of an app for each column, and whether it begins with the greatest.
  const columns = {
    name: { descends: false, isText: true },
    rank: { descends: false },
    blocks: { descends: true },
    steps: { descends: true },
    effort: { descends: true },
    repairs: { descends: true },
    findings: { descends: true },
    owner: { descends: false, isText: true },
    wave: { descends: false },
    visited: { descends: true, isText: true },
  };
  const order = new Intl.Collator("en", { numeric: true });

  const sort = (button) => {
    const key = button.dataset.sort;
    const head = button.closest("th");
    const first = columns[key].descends ? "descending" : "ascending";
    const second = columns[key].descends ? "ascending" : "descending";
    const direction = head.getAttribute("aria-sort") === first ? second : first;
    for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const compare = (a, b) =>
      columns[key].isText
        ? order.compare(a.dataset[key], b.dataset[key])
        : Number(a.dataset[key]) - Number(b.dataset[key]) ||
          (key === "effort" ? Number(a.dataset.steps) - Number(b.dataset.steps) : 0);
    table.append(...apps.slice().sort((a, b) => sign * compare(a, b)));
  };

  const open = (app, isOpen) => {
    find(".open", app).setAttribute("aria-expanded", String(isOpen));
    find(".more", app).hidden = !isOpen;
    app.classList.toggle("is-open", isOpen);
  };
  const isOpen = (app) => app.classList.contains("is-open");

  const toggle = (app) => {
    open(app, !isOpen(app));
    history.replaceState(null, "", isOpen(app) ? `#${app.id}` : " ");
  };

  const explain = (link) => {
    const page = document.getElementById(link.getAttribute("href").slice(1));
    if (!page) return false;
    find("#dialog-title").textContent = find("summary", page).textContent;
    find("#dialog-text").replaceChildren(find(".text", page).cloneNode(true));
    find("#dialog").showModal();
    return true;
  };

  const follow = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) return;
    if (target.matches("tbody.app")) {
      open(target, true);
      target.scrollIntoView();
    } else if (target.matches("details")) {
      target.open = true;
    }
  };

  table.addEventListener("click", (event) => {
    const sorter = event.target.closest("[data-sort]");
    if (sorter) return sort(sorter);
    const row = event.target.closest(".row");
    // Whoever marks a name to copy it does not want to open it.
    if (row && getSelection().isCollapsed) toggle(row.parentNode);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.code");
    if (link && explain(link)) event.preventDefault();
    const show = event.target.closest(".show");
    if (show) {
      clear();
      rule.value = show.dataset.rule;
      filter();
      find("#apps").scrollIntoView();
      rule.focus({ preventScroll: true });
    }
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches("input, select, textarea");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      filter();
    }
  });
  find("#dialog").addEventListener("click", (event) => {
    if (event.target === event.currentTarget) event.target.close();
  });
  for (const tile of tiles) {
    tile.addEventListener("click", () => {
      const pressed = tile.getAttribute("aria-pressed") === "true";
      tile.setAttribute("aria-pressed", String(!pressed));
      filter();
    });
  }
  const shown = () => apps.filter((app) => !app.hidden);
  find("#open-all").addEventListener("click", () => shown().forEach((app) => open(app, true)));
  find("#close-all").addEventListener("click", () => apps.forEach((app) => open(app, false)));
  find("#clear").addEventListener("click", clear);
  find("#clear-too").addEventListener("click", clear);
  search.addEventListener("input", filter);
  rule.addEventListener("change", filter);
  window.addEventListener("hashchange", follow);
  filter();
  follow();
})();
