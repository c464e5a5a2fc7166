// Shows one document at a time with its labels. Data comes from the page itself, state lives in
// the address after "#", and everything is drawn with text nodes: no string ever becomes markup.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("vw-data").textContent);
  const { documents, gold, systems, kinds, targets, labels } = data;
  const compared = kinds.length > 0;
  const ROLES = ["content", "source", "cue", "addressee"];
  const SHORT = { quote: "q", claim: "cl", source: "s", cue: "cue", addressee: "ad", ignore: "ig" };
  const HITS = { yes: "as a hit", no: "as no hit" };
  const MARK = { missed: " −", spurious: " +", other: " ≠" };
  const LANES = 6; // as labels.css has
  const DEEPEST = 16; // labels drawn around one character; the list has them all
  const LONG_TAG = 8;
  const LONG_LINE = 4000;
  const MANY_ROWS = 100; // drawn at once; more come when the end of the list is seen
  const MANY_LINES = 200;
  const MANY_FINDINGS = 200;
  const LONG_WORDS = 400;
  const LONG_NAME = 60; // of what an address names in vain
  const MANY_ABSENT = 3;
  const KEYS = "inquit.keys";
  const LATER = 3000; // milliseconds
  const wide = matchMedia("(min-width: 62rem)");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // ---- text that is not ours -----------------------------------------------------------------

  const STEERING =
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g;
  const codeOf = (c) => "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");

  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  }

  // Puts text into an element as text; characters that steer the line are shown and shut in.
  // A text that is cut goes on with what follows: the first half of a line's end is no control.
  function put(parent, text, follows = "") {
    let from = 0;
    for (const found of (text + follows).matchAll(STEERING)) {
      if (found.index >= text.length) break;
      if (found.index > from) parent.append(text.slice(from, found.index));
      const control = make("span", "iq-control", found[0]);
      control.dataset.code = codeOf(found[0]);
      parent.append(control);
      from = found.index + found[0].length;
    }
    if (from < text.length) parent.append(text.slice(from));
    return parent;
  }

  const foreign = (text) => put(make("bdi"), text);
  // The page is in English; words of a document are in its language, "" if that is unknown.
  const inLanguageOf = (doc, element) => {
    element.lang = doc.language;
    return element;
  };
  // For places that take no elements: options, accessible names.
  const plain = (text) =>
    text.replace(/[\r\n\t\u2028\u2029]/g, " ").replace(STEERING, (c) => `‹${codeOf(c)}›`);
  const short = (text, length = LONG_WORDS) => (text.length > length ? text.slice(0, length) + "…" : text);
  const several = (noun) => (noun.endsWith("y") ? noun.replace(/y$/, "ies") : `${noun}s`);
  const { format: figures } = new Intl.NumberFormat("en");
  const many = (n, noun) => `${figures(n)} ${n === 1 ? noun : several(noun)}`;

  // Offsets are code points, JavaScript counts UTF-16 units: returns how to get from one to other.
  function units(text) {
    if (!/[\ud800-\udbff]/.test(text)) return (offset) => offset;
    const at = new Uint32Array(text.length + 1);
    let point = 0;
    let unit = 0;
    for (const c of text) {
      at[point++] = unit;
      unit += c.length;
    }
    at[point] = unit;
    return (offset) => at[offset];
  }

  // ---- state ---------------------------------------------------------------------------------

  const numberOf = new Map(documents.map((d, i) => [d.id, i]));
  const facetNumber = new Map();
  for (const [name, values] of data.facets)
    for (const [number, value] of values) facetNumber.set(`${name}=${value}`, number);
  const ofDocuments = new Set(documents.flatMap((d) => d.facets));
  const haystack = documents.map((d) => `${d.title}\n${d.id}`.toLowerCase());
  const OF_DOCUMENTS = ["doc", "item", "kind", "target", "hit", "slice", "tag", "q", "sort", "layout"];
  const views = [...document.querySelectorAll("[data-view]")].map((v) => v.dataset.view);
  const bitOf = new Map(kinds.map((kind, i) => [kind, 1 << i]));

  const fresh = () => ({
    view: views[0], doc: -1, system: 0, kinds: [], target: "", hit: "", slice: "", tag: "", q: "",
    sort: "most", layout: "", item: -1,
  });
  let state = fresh();

  // Returns the state that the address asks for, and what it names that is not here.
  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    const next = fresh();
    const absent = [];
    const known = (key, noun, isKnown) => {
      const value = given.get(key);
      if (!value || isKnown(value)) return value || "";
      absent.push([noun, value]);
      return "";
    };
    const doc = known("doc", "document", (id) => numberOf.has(id));
    next.doc = numberOf.get(doc) ?? (documents.length === 1 ? 0 : -1);
    const system = known("system", "system", (name) => systems.some((s) => s.name === name));
    next.system = Math.max(0, systems.findIndex((s) => s.name === system));
    const entries = absent.length || next.doc < 0 ? 0 : systems[next.system].items[next.doc].length;
    const item = known("item", "entry", (n) => /^[1-9][0-9]*$/.test(n) && Number(n) <= entries);
    next.item = item ? Number(item) - 1 : -1;
    for (const kind of (given.get("kind") ?? "").split(",").filter(Boolean)) {
      if (bitOf.has(kind)) next.kinds.push(kind);
      else absent.push(["kind", kind]);
    }
    next.target = known("target", "label", (name) => targets.includes(name));
    next.hit = known("hit", "hit", (value) => data.hit && Object.hasOwn(HITS, value));
    const facetIs = (value, tag) => facetNumber.has(value) && tags.has(facetNumber.get(value)) === tag;
    next.slice = known("slice", "slice", (value) => facetIs(value, false));
    next.tag = known("tag", "phenomenon", (value) => facetIs(value, true));
    next.q = given.get("q") ?? "";
    next.sort = known("sort", "order", (value) => ["most", "given", "title"].includes(value)) || next.sort;
    next.layout = known("layout", "layout", (value) => ["side", "over"].includes(value));
    const wanted = known("view", "view", (name) => views.includes(name));
    const leads = OF_DOCUMENTS.some((key) => given.has(key));
    next.view = wanted || (leads && !given.get("view") ? "documents" : views[0]);
    return { next, absent };
  }

  function address(of) {
    const kept = new URLSearchParams();
    if (views.length > 1) kept.set("view", of.view);
    if (of.doc >= 0) kept.set("doc", documents[of.doc].id);
    if (systems.length > 1) kept.set("system", systems[of.system].name);
    if (of.kinds.length) kept.set("kind", of.kinds.join(","));
    for (const key of ["target", "hit", "slice", "tag", "q", "layout"]) if (of[key]) kept.set(key, of[key]);
    if (of.sort !== "most") kept.set("sort", of.sort);
    if (of.item >= 0) kept.set("item", String(of.item + 1));
    return `#${kept}`;
  }

  // Changes the state and draws what follows from it. What a person would call "going somewhere"
  // (another document, system or view) gets an entry in the history, a filter does not.
  function change(changes, { goes = false } = {}) {
    const before = state;
    state = { ...state, ...changes };
    // Each view keeps its own place; a browser would restore that of what is no longer drawn.
    if (state.view !== before.view) history.scrollRestoration = "manual";
    draw(before);
    drawAbsent([]);
    const to = address(state);
    if (to === location.hash) return;
    remember(goes ? "pushState" : "replaceState", to);
  }

  // Browsers refuse to note too many places in a short time; then the last one is noted later.
  let late = 0;
  function remember(how, to) {
    clearTimeout(late);
    try {
      history[how](null, "", to);
    } catch {
      late = setTimeout(() => remember("replaceState", address(state)), LATER);
    }
  }

  function route({ first = false } = {}) {
    if (!first && location.hash && !location.hash.includes("=")) return; // a link within the page
    const before = state;
    const { next, absent } = read();
    state = next;
    draw(before, true);
    drawAbsent(absent);
    if (absent.length) remember("replaceState", address(state));
  }

  function drawAbsent(absent) {
    const names = absent.slice(0, MANY_ABSENT).flatMap(([noun, value], i) =>
      [i ? ", " : "", `${noun} “`, foreign(short(value, LONG_NAME)), "”"]);
    const rest = absent.length - MANY_ABSENT;
    if (rest > 0) names.push(` and ${figures(rest)} more`);
    const told = ["Not in this page: ", ...names, ". The address now names what is shown."];
    byId("vw-absent").replaceChildren(...(absent.length ? told : []));
  }

  // ---- filters -------------------------------------------------------------------------------

  // An item is [target, kinds, in gold, in the prediction, start, ...facets].
  // Who asks for hits wants the correct ones too, so that they add up to what was scored.
  const comparing = () => compared && Boolean(systems[state.system].found);
  const chosenKinds = () => (comparing() ? state.kinds : []);
  const chosenHit = () => (comparing() ? state.hit : "");
  const bits = (chosen, hit) => {
    if (compared && !comparing()) return -1; // nothing is compared: all are listed
    if (chosen.length) return chosen.reduce((all, kind) => all | bitOf.get(kind), 0);
    return hit ? data.errors | data.correct : data.errors;
  };
  const scored = (item) => !chosenHit() || (item[1] & data.hit ? "yes" : "no") === state.hit;

  // Counts what passes: for each document, and for each filter as if only the others were set.
  function survey() {
    const want = bits(state.kinds, state.hit);
    const wantHit = bits(state.kinds, true);
    const target = targets.indexOf(state.target);
    const slice = state.slice ? facetNumber.get(state.slice) : -1;
    const tag = state.tag ? facetNumber.get(state.tag) : -1;
    const sliceOfDocuments = ofDocuments.has(slice);
    const query = state.q.trim().toLowerCase();
    const found = {
      rows: [], of: new Uint32Array(documents.length), items: 0,
      kinds: new Uint32Array(kinds.length), targets: new Uint32Array(targets.length),
      hits: { yes: 0, no: 0 },
      facets: new Uint32Array(Math.max(0, ...facetNumber.values()) + 1),
    };
    const narrow = chosenKinds().length > 0 || target >= 0 || chosenHit() || (slice >= 0 && !sliceOfDocuments);
    const lists = systems[state.system].items;
    for (let d = 0; d < documents.length; d++) {
      if (query && !haystack[d].includes(query)) continue;
      const facets = documents[d].facets;
      const tagged = tag < 0 || facets.includes(tag);
      const sliced = slice < 0 || !sliceOfDocuments || facets.includes(slice);
      let here = 0;
      let unsliced = 0;
      let untagged = 0;
      for (const item of lists[d]) {
        const inKind = (item[1] & want) !== 0;
        const inTarget = target < 0 || item[0] === target;
        const inSlice = sliced && (slice < 0 || sliceOfDocuments || item.includes(slice, 5));
        if (inTarget && inSlice && tagged && item[1] & wantHit) found.hits[item[1] & data.hit ? "yes" : "no"]++;
        if (!scored(item)) continue;
        if (inTarget && inSlice && tagged)
          for (let k = 0; k < kinds.length; k++) if (item[1] & (1 << k)) found.kinds[k]++;
        if (!inKind) continue;
        if (inSlice && tagged) found.targets[item[0]]++;
        if (!inTarget) continue;
        if (tagged) {
          unsliced++;
          for (let f = 5; f < item.length; f++) found.facets[item[f]]++;
        }
        if (inSlice) {
          untagged++;
          if (tagged) here++;
        }
      }
      for (const f of facets) found.facets[f] += tags.has(f) ? untagged : unsliced;
      found.of[d] = here;
      if (!tagged || !sliced || (narrow && !here)) continue;
      found.items += here;
      found.rows.push(d);
    }
    if (state.sort === "most") found.rows.sort((a, b) => found.of[b] - found.of[a] || a - b);
    if (state.sort === "title") found.rows.sort((a, b) => collate(titles[a], titles[b]) || a - b);
    return found;
  }
  const titles = documents.map((d) => d.title);
  const collate = new Intl.Collator("en", { numeric: true }).compare;
  const tags = new Set();
  for (const [name, values] of data.facets)
    if (name === data.tags) for (const [number] of values) tags.add(number);

  const passes = (item) => {
    if (!(item[1] & bits(state.kinds, state.hit)) || !scored(item)) return false;
    if (state.target && item[0] !== targets.indexOf(state.target)) return false;
    const slice = state.slice ? facetNumber.get(state.slice) : -1;
    return slice < 0 || ofDocuments.has(slice) || item.includes(slice, 5);
  };

  // ---- the column of documents ---------------------------------------------------------------

  const rows = [];
  let surveyed = survey();
  let limit = MANY_ROWS;
  const noun = () => (comparing() ? "error" : "entry");

  function row(d) {
    if (rows[d]) return rows[d];
    const link = make("a", "vw-row", inLanguageOf(documents[d], foreign(documents[d].title)));
    const count = make("span", "vw-row-count");
    const failed = make("span", "vw-failed", "failed");
    link.append(failed, count);
    link.dataset.doc = String(d);
    link.href = `#doc=${encodeURIComponent(documents[d].id)}`;
    rows[d] = { item: make("li", "", link), link, failed, count };
    return rows[d];
  }

  function drawList() {
    const here = surveyed.rows.indexOf(state.doc);
    if (here >= limit) limit = here + MANY_ROWS;
    const shown = surveyed.rows.slice(0, limit);
    const mixed = state.kinds.includes("correct") || state.kinds.includes("not scored");
    const what = comparing() && (mixed || (state.hit === "yes" && !state.kinds.length)) ? "item" : noun();
    arrange(
      byId("vw-list"),
      shown.map((d) => {
        const { item, failed, count } = row(d);
        failed.hidden = systems[state.system].failed[d] === undefined;
        const n = surveyed.of[d];
        count.replaceChildren(figures(n), make("span", "vw-hidden", many(n, what).replace(/^\S+/, "")));
        return item;
      }),
    );
    const rest = surveyed.rows.length - shown.length;
    byId("vw-more").hidden = rest <= 0;
    byId("vw-more").textContent = `Show ${figures(rest)} more`;
    byId("vw-count").textContent =
      surveyed.rows.length === documents.length
        ? `${many(documents.length, "document")}, ${many(surveyed.items, what)}`
        : `${figures(surveyed.rows.length)} of ${many(documents.length, "document")}, ` +
          many(surveyed.items, what);
    byId("vw-clear").hidden = !["q", "slice", "tag", "target", "hit"].some((k) => state[k]) && !state.kinds.length;
  }

  // Makes these the children; what stays in its place is not touched, so it keeps the focus.
  function arrange(list, items) {
    const wanted = new Set(items);
    for (const item of [...list.children]) if (!wanted.has(item)) item.remove();
    let at = list.firstChild;
    for (const item of items) {
      if (item === at) at = at.nextSibling;
      else list.insertBefore(item, at);
    }
  }

  function drawFilters() {
    byId("vw-kinds").hidden = compared && !comparing();
    byId("vw-hit-field").hidden = !data.hit || !comparing();
    byId("vw-sort").options[0].textContent = `most ${several(noun())} first`;
    for (const button of byId("vw-kinds").children) {
      const k = Number(button.dataset.kind);
      button.setAttribute("aria-pressed", String(state.kinds.includes(kinds[k])));
      button.lastChild.textContent = figures(surveyed.kinds[k]);
      button.classList.toggle("vw-none", !surveyed.kinds[k]);
    }
    for (const [id, key] of [["vw-target", "target"], ["vw-hit", "hit"], ["vw-slice", "slice"], ["vw-tag", "tag"]]) {
      const select = byId(id);
      for (const option of select.options) {
        if (!option.value) continue;
        const n = key === "target"
          ? surveyed.targets[targets.indexOf(option.value)]
          : key === "hit" ? surveyed.hits[option.value] : surveyed.facets[facetNumber.get(option.value)];
        option.textContent = `${option.dataset.name} (${figures(n)})`;
        // Only what is compared is sliced; documents can be told apart in any case.
        option.disabled = key === "slice" && compared && !comparing() && !ofDocuments.has(facetNumber.get(option.value));
      }
      select.value = state[key];
    }
    byId("vw-system").value = String(state.system);
    byId("vw-sort").value = state.sort;
    if (byId("vw-search").value !== state.q) byId("vw-search").value = state.q;
  }

  function option(value, name) {
    const found = make("option", "", name);
    found.value = value;
    found.dataset.name = name;
    return found;
  }

  function makeFilters() {
    kinds.forEach((kind, k) => {
      const button = make("button", "vw-kind", make("span", "", kind), " ", make("span", "vw-number"));
      button.type = "button";
      button.dataset.kind = String(k);
      button.dataset.tone = tone(1 << k);
      button.onclick = () => {
        const chosen = state.kinds.includes(kind)
          ? state.kinds.filter((other) => other !== kind)
          : [...state.kinds, kind];
        change({ kinds: chosen, item: -1 });
      };
      byId("vw-kinds").append(button);
    });
    byId("vw-target").append(option("", "any"), ...targets.map((t) => option(t, t)));
    byId("vw-hit").append(option("", "either way"), ...Object.entries(HITS).map(([v, name]) => option(v, name)));
    byId("vw-slice").append(option("", "any"));
    byId("vw-tag").append(option("", "any"));
    for (const [name, values] of data.facets) {
      const options = values.map(([, value]) => option(`${name}=${value}`, plain(value)));
      if (name === data.tags) {
        byId("vw-tag").append(...options);
        continue;
      }
      const group = make("optgroup", "", ...options);
      group.label = plain(name.replace(/^meta\./, ""));
      byId("vw-slice").append(group);
    }
    systems.forEach((system, s) => {
      let n = 0;
      for (const list of system.items) for (const item of list) if (item[1] & data.errors) n++;
      const named = `${plain(system.name)} (${system.found ? many(n, "error") : "no predictions"})`;
      byId("vw-system").append(option(String(s), named));
    });
    byId("vw-system-field").hidden = systems.length < 2;
    byId("vw-tag-field").hidden = !data.tags;
    byId("vw-slice-field").hidden = byId("vw-slice").options.length < 2;
    byId("vw-browser").classList.toggle("vw-single", documents.length < 2 && !compared);
  }

  // ---- one document --------------------------------------------------------------------------

  let open = null; // what is drawn: { d, s, items, marks, visible }

  // The tone of a kind: what is wrong, so far as one colour can tell.
  function tone(mask) {
    if (!compared || !(mask & data.errors)) return "";
    if (mask & bitOf.get("missed")) return "missed";
    if (mask & (bitOf.get("spurious") | bitOf.get("ungrounded"))) return "spurious";
    return "other";
  }

  // The tone of the labels of an item: what gold has is never spurious, whatever is wrong with it.
  function toneOf(item) {
    const found = tone(item[1]);
    return found === "spurious" && item[2] !== -1 ? "other" : found;
  }

  // The labels of one side as objects; ungrounded ones have no fragments.
  function side(found, name, at) {
    const [spans, , ungrounded] = found;
    const all = [...spans, ...ungrounded];
    const long = all.some((span) => span[0].length > LONG_TAG);
    const counts = {};
    return all.map((span, i) => {
      const label = labels[span[1]];
      counts[label] = (counts[label] ?? 0) + 1;
      const fragments = [];
      const placed = i < spans.length;
      if (placed)
        for (let k = 0; k < span[2].length; k += 2) fragments.push([at(span[2][k]), at(span[2][k + 1])]);
      return {
        side: name, label, id: span[0], attributes: span[3] ?? {}, fragments,
        text: placed ? "" : span[2], tag: long ? SHORT[label] + counts[label] : span[0],
        size: fragments.reduce((n, [s, e]) => n + e - s, 0), tone: "", lane: 0, nodes: [], items: [],
      };
    });
  }

  // Gives each label a lane of its own among those of its side that overlap it, short ones first.
  // The stretches of one lane never overlap, so they can be searched by halving.
  function giveLanes(marks) {
    const lanes = [];
    for (const mark of [...marks].sort((a, b) => a.size - b.size || b.fragments[0]?.[0] - a.fragments[0]?.[0])) {
      let lane = 0;
      while (lane < lanes.length && mark.fragments.some((f) => taken(lanes[lane], f))) lane++;
      lanes[lane] ??= [];
      for (const f of mark.fragments) lanes[lane].splice(place(lanes[lane], f[0]), 0, f);
      mark.lane = lane;
    }
    return lanes.length;
  }
  function place(lane, start) {
    let low = 0;
    let high = lane.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lane[middle][0] < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  function taken(lane, [start, end]) {
    const i = place(lane, start);
    return (i < lane.length && lane[i][0] < end) || (i > 0 && lane[i - 1][1] > start);
  }

  // Returns where blocks end: behind each line, and within lines that are too long to lay out.
  function lineBreaks(text) {
    const found = new Set();
    let from = 0;
    while (from < text.length) {
      const newline = text.indexOf("\n", from);
      const end = newline < 0 ? text.length : newline + 1;
      while (end - from > 2 * LONG_LINE) {
        const space = text.lastIndexOf(" ", from + LONG_LINE) + 1;
        from = space > from ? space : from + LONG_LINE;
        if (/[\udc00-\udfff]/.test(text[from])) from++; // never between two halves of a character
        found.add(from);
      }
      found.add(end);
      from = end;
    }
    return found;
  }

  // Draws a text with labels: one block a line, cut wherever a label begins or ends; each piece
  // stands in one element for each label over it, so labels may nest, cross and have gaps.
  function drawText(text, marks, language) {
    const starts = new Map();
    const ends = new Map();
    const cuts = new Set([text.length]);
    const add = (map, key, mark) => (map.has(key) ? map.get(key).push(mark) : map.set(key, [mark]));
    for (const mark of marks)
      for (const [start, end] of mark.fragments) {
        add(starts, start, mark);
        add(ends, end, mark);
        cuts.add(start).add(end);
      }
    const breaks = lineBreaks(text);
    for (const at of breaks) cuts.add(at);
    const sorted = [...cuts].sort((a, b) => a - b);
    const root = make("div", "iq iq-text vw-text");
    root.dir = "auto";
    root.lang = language;
    let line = make("div", "vw-line");
    root.append(line);
    const inside = [];
    let from = 0;
    let lines = 1;
    let tooDeep = false;
    for (const to of sorted) {
      if (to > from) {
        let parent = line;
        if (inside.length > DEEPEST) tooDeep = true;
        for (const mark of inside.slice(-DEEPEST)) {
          const piece = opening(mark, from);
          parent.append(piece);
          parent = piece;
        }
        put(parent, text.slice(from, to), text[to]);
        if (breaks.has(to) && to < text.length) {
          line = make("div", text[to] === "\n" ? "vw-line vw-blank" : "vw-line");
          root.append(line);
          lines++;
        }
      }
      from = to;
      for (const mark of ends.get(to) ?? []) inside.splice(inside.indexOf(mark), 1);
      for (const mark of starts.get(to) ?? []) {
        const before = inside.findIndex((other) => other.size < mark.size);
        inside.splice(before < 0 ? inside.length : before, 0, mark);
      }
    }
    root.classList.toggle("vw-many", lines > MANY_LINES);
    return { root, tooDeep };
  }

  function opening(mark, from) {
    const piece = make("span", `iq-span iq-${mark.label} iq-lane-${Math.min(mark.lane, LANES - 1)}`);
    if (mark.side === "predicted") piece.classList.add("vw-predicted");
    if (mark.same) piece.classList.add("vw-same");
    if (mark.tone) piece.classList.add(`vw-${mark.tone}`);
    const first = mark.fragments.findIndex(([start]) => start === from);
    if (first >= 0) {
      piece.dataset.tag = (first ? "…" : "") + mark.tag + (MARK[mark.tone] ?? "");
      piece.setAttribute("role", "group");
      piece.setAttribute("aria-label", named(mark) + (first ? ", continued" : ""));
    }
    piece.mark = mark;
    mark.nodes.push(piece);
    return piece;
  }

  function named(mark) {
    const values = Object.entries(mark.attributes).map(([name, value]) =>
      plain(`${name.replaceAll("_", " ")} ${name === "entity" ? value : value.replaceAll("_", " ")}`));
    const wrong = { other: "differs", missed: "missed", spurious: "spurious" }[mark.tone];
    const whose = compared ? [mark.side === "gold" ? data.layer : "predicted"] : [];
    return [...whose, `${mark.label} ${mark.tag}`, ...values, ...(wrong ? [wrong] : [])].join(", ");
  }

  // The labels that an item is about, on each side: { role: [marks] }.
  function parts(item, sides) {
    const found = {};
    [["gold", item[2]], ["predicted", item[3]]].forEach(([name, number]) => {
      if (number === -1 || !sides[name]) return;
      const { annotation, marks } = sides[name];
      if (item[0] > 0 || number < -1) {
        found[name] = { content: [marks[number < -1 ? -2 - number : number]] };
        return;
      }
      const said = annotation[1][number];
      found[name] = { entity: said[5] ?? "" };
      ROLES.forEach((role, r) => (found[name][role] = said[r + 1].map((i) => marks[i])));
    });
    return found;
  }

  const marksOf = (part) => (part ? ROLES.flatMap((role) => part[role] ?? []) : []);

  function drawDocument() {
    const d = state.doc;
    const doc = documents[d];
    const system = systems[state.system];
    const at = units(doc.text);
    const sides = {};
    const prediction = system.found ? system.found[d] : null;
    const empty = [[], [], []];
    sides.gold = { annotation: gold[d] ?? empty };
    if (prediction) sides.predicted = { annotation: prediction };
    for (const [name, given] of Object.entries(sides)) given.marks = side(given.annotation, name, at);
    const goldWords = new Set(sides.gold.marks.map((mark) => mark.fragments.join()));
    for (const mark of sides.predicted?.marks ?? []) mark.same = goldWords.has(mark.fragments.join());
    const items = system.items[d].map((item, number) => ({ item, number, parts: parts(item, sides) }));
    for (const entry of items) {
      const wrong = toneOf(entry.item);
      for (const part of Object.values(entry.parts)) {
        for (const mark of marksOf(part)) mark.items.push(entry);
        const blamed = [...(part.content ?? [])];
        if (compared && entry.item[1] & bitOf.get("wrong source")) blamed.push(...(part.source ?? []));
        if (wrong) for (const mark of blamed) mark.tone ||= wrong;
      }
    }
    open = { d, s: state.system, layout: layout(), doc, at, sides, items, visible: [] };

    byId("vw-title").replaceChildren(inLanguageOf(doc, foreign(doc.title)));
    drawFacts(doc);
    drawTold(system, d, prediction);
    drawPanes(system);
    drawUngrounded(sides.predicted);
  }

  const FIRST = ["document", "publisher", "published", "url", "split"];

  function drawFacts(doc) {
    const shown = ([name, value]) => {
      let words = foreign(value);
      if (name === "url" && /^https?:\/\//i.test(value)) {
        words = make("a", "", words);
        words.href = value;
        words.rel = "noopener noreferrer";
      }
      return make("div", "", make("dt", "", foreign(name.replace(/^meta\./, ""))), make("dd", "", words));
    };
    const facts = [["document", doc.id], ...doc.facts];
    byId("vw-facts").replaceChildren(...facts.filter(([name]) => FIRST.includes(name)).map(shown));
    const rest = facts.filter(([name]) => !FIRST.includes(name));
    byId("vw-rest").hidden = !rest.length;
    byId("vw-rest-facts").replaceChildren(...rest.map(shown));
  }

  function drawTold(system, d, prediction) {
    const told = [];
    const say = (...words) => told.push(make("p", "vw-alarm", ...words));
    if (system.failed[d] !== undefined)
      say(foreign(system.name), " failed on this document: ", foreign(system.failed[d]));
    else if (system.found && !prediction) say(foreign(system.name), " has no prediction for this document.");
    if (system.note) told.push(make("p", "vw-minor", foreign(system.note)));
    if (!gold[d]) told.push(make("p", "vw-minor", foreign(data.layer), " has no labels for this document."));
    if (documents[d].text === "") told.push(make("p", "vw-minor", "The text is empty."));
    byId("vw-told").replaceChildren(...told);
  }

  const layout = () => state.layout || (wide.matches ? "side" : "over");

  function drawPanes(system) {
    const { doc, sides } = open;
    const panes = [];
    const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    lines.id = "vw-lines";
    lines.setAttribute("class", "iq vw-lines");
    lines.setAttribute("aria-hidden", "true");
    const two = "predicted" in sides;
    const over = two && layout() === "over";
    let deepest = 0;
    let tooDeep = false;
    const pane = (name, heading, marks) => {
      const drawn = drawText(doc.text, marks, doc.language);
      tooDeep ||= drawn.tooDeep;
      const title = make("h3", "vw-pane-name", heading);
      const found = make("section", `vw-pane vw-pane-${name}`, title, drawn.root);
      found.setAttribute("aria-label", heading.textContent);
      panes.push(found);
    };
    const depth = Object.values(sides).map(({ marks }) => giveLanes(marks));
    deepest = Math.min(over ? depth.reduce((a, b) => a + b, 0) : Math.max(...depth), 2 * LANES);
    const goldName = foreign(data.layer);
    if (over) {
      const heading = make("span", "", goldName, " below the words, ", foreign(system.name), " above");
      pane("over", heading, [...sides.gold.marks, ...sides.predicted.marks]);
    } else {
      pane("gold", make("span", "", goldName), sides.gold.marks);
      if (two) pane("predicted", make("span", "", foreign(system.name)), sides.predicted.marks);
    }
    byId("vw-reading").classList.toggle("vw-plain", !comparing());
    const root = byId("vw-panes");
    root.className = `vw-panes vw-${over ? "over" : two ? "two" : "one"} vw-deep-${Math.ceil(deepest / 2)}`;
    const notes = tooDeep
      ? [make("p", "vw-minor vw-deepest", `More than ${DEEPEST} labels lie over one place: the shortest are drawn, the list has all.`)]
      : [];
    root.replaceChildren(...notes, ...panes, lines);
    byId("vw-layout").hidden = !two;
    for (const button of byId("vw-layout").children)
      button.setAttribute("aria-pressed", String(button.dataset.layout === layout()));
  }

  function drawUngrounded(predicted) {
    const lost = predicted ? predicted.marks.filter((mark) => !mark.fragments.length) : [];
    if (!lost.length) return byId("vw-ungrounded").replaceChildren();
    const list = make("ul", "iq vw-lost", ...lost.map((mark) => {
      const item = make("li", "", tagged(mark), " ", inLanguageOf(open.doc, foreign(mark.text)));
      item.mark = mark;
      mark.nodes.push(item);
      return item;
    }));
    byId("vw-ungrounded").replaceChildren(
      make("h3", "vw-pane-name", "Not in the text"),
      make("p", "vw-minor", "Predicted in words that the text does not have."),
      list,
    );
    return undefined;
  }

  // ---- the list beside the text --------------------------------------------------------------

  function tagged(mark) {
    const tag = make("span", `iq-tag iq-${mark.label}`, mark.tag);
    tag.title = mark.label;
    return tag;
  }

  const words = (mark) =>
    mark.fragments.length
      ? mark.fragments.map(([s, e]) => short(open.doc.text.slice(s, Math.min(e, s + LONG_WORDS + 1)))).join(" … ")
      : short(mark.text);

  const valuesOf = (mark) =>
    Object.entries(mark.attributes).map(([name, value]) => {
      if (name === "entity") return value;
      return (["yes", "no"].includes(value) ? `${name} ${value}` : value).replaceAll("_", " ");
    });

  const values = (mark) => {
    const given = valuesOf(mark);
    return given.length ? [" ", make("span", "vw-values", "(", foreign(given.join(", ")), ")")] : [];
  };

  function told(part, target) {
    const lines = [];
    const line = (role, children) =>
      lines.push(make("span", "vw-said", make("span", "vw-role", role), make("span", "vw-words", ...children)));
    const quoted = (mark) => inLanguageOf(open.doc, foreign(words(mark).replace(/\s+/g, " ")));
    const list = (marks) =>
      marks.flatMap((mark, i) => [...(i ? [" "] : []), tagged(mark), " ", quoted(mark), ...values(mark)]);
    if (target === "attribution" && part.source) {
      if (part.source.length) line("source", list(part.source));
      else line("source", [part.entity ? make("span", "", "(", foreign(part.entity), ")") : make("i", "vw-minor", "none")]);
      if (part.cue.length) line("cue", list(part.cue));
      if (part.addressee.length) line("to", list(part.addressee));
    }
    line(target === "attribution" && part.source ? "content" : part.content[0].label, list(part.content));
    return lines;
  }

  const signature = (part) =>
    [part.entity ?? "", ...ROLES.map((role) => (part[role] ?? []).map((m) => m.text || m.fragments.join()).join("+"))].join("|");

  // What is listed as an error and counts as found nevertheless.
  const hitAnyway = (item) => Boolean(item[1] & data.hit && item[1] & data.errors);

  function finding(entry) {
    const { item, parts: { gold: left, predicted: right } } = entry;
    const target = targets[item[0]];
    const chips = make("span", "vw-chips");
    kinds.forEach((kind, k) => {
      if (!(item[1] & (1 << k))) return;
      const chip = make("span", "vw-chip", kind);
      chip.dataset.tone = tone(1 << k);
      chips.append(chip, " ");
    });
    const button = make("button", "vw-finding");
    button.type = "button";
    if (compared) {
      if (hitAnyway(item)) chips.append(make("span", "vw-hit", "✓", make("span", "vw-hidden", " a hit")), " ");
      chips.append(make("span", "vw-minor", target));
      button.append(chips);
    }
    const block = (name, part) => {
      const shown = make("span", "vw-block", ...told(part, target));
      if (name) shown.prepend(make("span", "vw-whose", foreign(name)));
      button.append(shown);
    };
    const form = compared && item[1] & bitOf.get("wrong form");
    if (left && right && !form && signature(left) === signature(right)) block("", left);
    else {
      if (left) block(compared && right ? data.layer : "", left);
      if (right) block(left ? "predicted" : "", right);
    }
    button.entry = entry;
    entry.button = button;
    return make("li", "", button);
  }

  function drawFindings() {
    byId("vw-findings-name").textContent = comparing() ? "Errors" : compared ? "Labels" : "Entries";
    byId("vw-listed").hidden = comparing();
    open.visible = open.items.filter(({ item }) => passes(item));
    byId("vw-findings").replaceChildren(...open.visible.map(finding));
    byId("vw-hits").hidden = !open.visible.some(({ item }) => hitAnyway(item));
    byId("vw-findings").classList.toggle("vw-many", open.visible.length > MANY_FINDINGS);
    const all = open.items.filter(({ item }) => item[1] & data.errors).length;
    const n = open.visible.length;
    let said = `${many(n, noun())} in this document`;
    if (!comparing()) said = many(n, noun());
    else if (state.kinds.length || state.target || state.hit || state.slice)
      said = `${n} shown; ${many(all, noun())} in this document`;
    else if (!n) said = "No errors in this document.";
    byId("vw-findings-count").textContent = said;
  }

  // ---- highlighting --------------------------------------------------------------------------

  let lit = null;

  function light(entry) {
    if (lit) {
      for (const part of Object.values(lit.parts))
        for (const mark of marksOf(part)) for (const node of mark.nodes) node.classList.remove("vw-on");
      lit.button?.removeAttribute("aria-current");
    }
    lit = entry;
    if (entry) {
      for (const part of Object.values(entry.parts))
        for (const mark of marksOf(part)) for (const node of mark.nodes) node.classList.add("vw-on");
      entry.button?.setAttribute("aria-current", "true");
    }
    drawChosen(entry);
    drawLines(entry);
  }

  // On a small screen the list is far from the text: this bar stands below the text, and leads there.
  function drawChosen(entry) {
    const index = open?.visible.indexOf(entry) ?? -1;
    const n = open?.visible.length ?? 0;
    byId("vw-chosen").hidden = !n;
    if (!n) return;
    byId("vw-chosen").setAttribute("aria-label", `${comparing() ? "Errors" : "Entries"} of this document`);
    const chips = entry?.button?.querySelector(".vw-chips")?.textContent.replace(/\s+/g, " ").trim() ?? "";
    const content = Object.values(entry?.parts ?? {})[0]?.content[0];
    const name = content && inLanguageOf(open.doc, foreign(short(words(content), LONG_NAME).replace(/\s+/g, " ")));
    const told = index < 0 ? [many(n, noun())] : [`${index + 1} of ${n}: `, chips ? `${chips} ` : "", name];
    byId("vw-entry").replaceChildren(make("span", "vw-chosen-words", ...told));
    byId("vw-before").setAttribute("aria-disabled", String(index === 0));
    byId("vw-after").setAttribute("aria-disabled", String(index === n - 1));
  }

  // Draws an attribution: a curve from each source, cue and addressee to the first content.
  function drawLines(entry) {
    const canvas = byId("vw-lines");
    if (!canvas) return;
    canvas.replaceChildren();
    if (!entry) return;
    const ground = canvas.parentElement.getBoundingClientRect();
    for (const [name, part] of Object.entries(entry.parts)) {
      const anchors = (role) => (part[role] ?? []).map((mark) => anchor(mark, ground)).filter(Boolean);
      const [first, ...others] = anchors("content");
      if (!first) continue;
      for (const to of others) curve(canvas, to, first, "content", name);
      for (const role of ROLES.slice(1)) for (const to of anchors(role)) curve(canvas, to, first, role, name);
    }
  }

  function anchor(mark, ground) {
    const box = mark.nodes.find((node) => node.classList.contains("iq-span"))?.getClientRects()[0];
    return box && { x: box.left - ground.left + Math.min(box.width / 2, 24), y: box.top - ground.top - 3 };
  }

  function curve(canvas, from, to, role, name) {
    const lift = Math.min(26, 10 + Math.hypot(to.x - from.x, to.y - from.y) / 12);
    const path = `M${from.x},${from.y}C${from.x},${from.y - lift},${to.x},${to.y - lift},${to.x},${to.y}`;
    for (const layer of ["vw-halo", `vw-line vw-line-${role} vw-line-${name}`]) {
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("d", path);
      line.setAttribute("class", layer);
      canvas.append(line);
    }
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [key, value] of [["cx", from.x], ["cy", from.y], ["r", 3]]) dot.setAttribute(key, String(value));
    dot.setAttribute("class", `vw-dot vw-line-${role}`);
    canvas.append(dot);
  }

  function show(entry) {
    const marks = [...marksOf(entry.parts.gold), ...marksOf(entry.parts.predicted)];
    const content = [...(entry.parts.gold?.content ?? []), ...(entry.parts.predicted?.content ?? [])];
    const node = [...content, ...marks].find((mark) => mark.nodes.length)?.nodes[0];
    node?.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  }

  function choose(entry, { focus = false, scroll = true } = {}) {
    light(entry);
    if (focus) entry.button?.focus({ preventScroll: true });
    if (wide.matches) entry.button?.scrollIntoView({ block: "nearest" });
    if (scroll) show(entry);
    change({ item: entry.number });
  }

  // ---- drawing -------------------------------------------------------------------------------

  const draw = (before, all = false) => keeping(() => drawAll(before, all));

  // What is drawn anew takes the focus with it: gives it back, or to what stands there now.
  function keeping(redraw) {
    const had = document.activeElement;
    redraw();
    if (document.activeElement !== document.body || had === document.body) return;
    const now = open?.items[state.item]?.button ?? byId("vw-title");
    (had.isConnected ? had : now).focus({ preventScroll: true });
  }

  const places = {}; // how far each view was scrolled

  function drawAll(before, all) {
    const goes = before.view !== state.view;
    if (goes) places[before.view] = scrollY; // before anything is hidden
    for (const view of document.querySelectorAll("[data-view]")) view.hidden = view.dataset.view !== state.view;
    for (const link of document.querySelectorAll("[data-to]")) {
      if (link.dataset.to === state.view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const reading = state.view === "documents";
    document.body.classList.toggle("vw-reads", reading);
    if (byId("vw-footer")) byId("vw-footer").hidden = reading;
    if (goes) scrollTo(0, places[state.view] ?? 0);
    if (!reading) return;
    const keys = ["kinds", "target", "hit", "slice", "tag", "q", "sort", "system"];
    const filtered = all || keys.some((key) => state[key] !== before[key]) || before.view !== state.view;
    if (filtered) {
      limit = MANY_ROWS;
      surveyed = survey();
      const inList = state.doc >= 0 && (all || surveyed.rows.includes(state.doc));
      if (!inList) {
        state.doc = surveyed.rows[0] ?? (documents.length > 1 ? -1 : 0);
        state.item = -1;
      }
      drawFilters();
      drawList();
    }
    byId("vw-reading").classList.toggle("vw-empty", state.doc < 0);
    if (state.doc < 0) return drawNothing();
    const other = !open || open.d !== state.doc || open.s !== state.system || open.layout !== layout();
    if (other) {
      light(null);
      drawDocument();
      drawPlace();
    }
    if (!other && !filtered) return;
    if (!other) drawPlace();
    drawFindings();
    // Everything is drawn; what scrolls makes the browser lay out, so it comes last and once.
    if (other) byId("vw-reading").scrollTop = 0;
    rows[state.doc]?.link.scrollIntoView({ block: "nearest" });
    lit = null;
    const entry = open.items[state.item];
    light(entry ?? null);
    if (!entry) return;
    if (wide.matches) entry.button?.scrollIntoView({ block: "nearest" });
    if (other) show(entry);
  }

  // No document passes the filters: one that does not would only be mistaken for a find.
  function drawNothing() {
    open = null;
    light(null);
    for (const id of ["vw-facts", "vw-rest-facts", "vw-told", "vw-panes", "vw-ungrounded", "vw-findings", "vw-findings-count"])
      byId(id).replaceChildren();
    byId("vw-rest").hidden = byId("vw-hits").hidden = byId("vw-layout").hidden = true;
    byId("vw-title").replaceChildren("No document passes the search and the filters.");
    drawPlace();
  }

  let current = null; // the row of the document that is shown; it may not be in the list

  function drawPlace() {
    current?.removeAttribute("aria-current");
    current = state.doc < 0 ? null : row(state.doc).link;
    current?.setAttribute("aria-current", "true");
    const index = surveyed.rows.indexOf(state.doc);
    const here = state.doc < 0 ? "none" : index < 0 ? "not in the list" : `${index + 1} of ${surveyed.rows.length}`;
    byId("vw-place").textContent = documents.length > 1 ? here : "";
    byId("vw-choose-name").textContent = `Choose a document (${here})`;
    // A button that is switched off under the focus would lose it; these only say that they are.
    const last = index < 0 ? !surveyed.rows.length : index >= surveyed.rows.length - 1;
    byId("vw-previous").setAttribute("aria-disabled", String(index <= 0));
    byId("vw-next").setAttribute("aria-disabled", String(last));
  }

  function step(by, from = state.doc) {
    const index = surveyed.rows.indexOf(from);
    const next = surveyed.rows[index < 0 ? 0 : index + by];
    if (next === undefined) {
      say(surveyed.rows.length ? `That was the ${by > 0 ? "last" : "first"} document` : "No document in the list");
      return;
    }
    const inList = document.activeElement?.classList.contains("vw-row");
    if (index + by >= limit) byId("vw-more").click();
    change({ doc: next, item: -1 }, { goes: true });
    if (inList) rows[next]?.link.focus();
    say(`${plain(documents[next].title)}, ${many(surveyed.of[next], noun())}`);
  }

  function stepFinding(by, focus = true) {
    const list = open?.visible ?? [];
    if (!list.length) return say(`No ${several(noun())} in this document`);
    const index = list.findIndex(({ number }) => number === state.item);
    const next = list[index < 0 ? (by > 0 ? 0 : list.length - 1) : index + by];
    if (next) choose(next, { focus });
    else say(by > 0 ? `That was the last ${noun()}` : `That was the first ${noun()}`);
    return undefined;
  }

  const say = (words) => void (byId("vw-said").textContent = words);

  // ---- events --------------------------------------------------------------------------------

  function listen() {
    byId("vw-system").onchange = (e) => change({ system: Number(e.target.value), item: -1 }, { goes: true });
    byId("vw-target").onchange = (e) => change({ target: e.target.value, item: -1 });
    byId("vw-hit").onchange = (e) => change({ hit: e.target.value, item: -1 });
    byId("vw-slice").onchange = (e) => change({ slice: e.target.value, item: -1 });
    byId("vw-tag").onchange = (e) => change({ tag: e.target.value, item: -1 });
    byId("vw-sort").onchange = (e) => change({ sort: e.target.value });
    byId("vw-search").oninput = (e) => change({ q: e.target.value, item: -1 });
    byId("vw-clear").onclick = () => {
      change({ kinds: [], target: "", hit: "", slice: "", tag: "", q: "", item: -1 });
      byId("vw-search").focus();
    };
    const more = byId("vw-more");
    more.onclick = () => {
      const focused = document.activeElement === more;
      const first = surveyed.rows[limit];
      limit += MANY_ROWS;
      keeping(drawList);
      if (focused && more.hidden) rows[first]?.link.focus();
    };
    new IntersectionObserver((seen) => {
      if (seen.some((entry) => entry.isIntersecting)) more.click();
    }).observe(more);
    // A link to be copied leads to what is shown now; it is made when somebody comes near it.
    const lead = (e) => {
      const link = e.target.closest(".vw-row");
      if (link) link.href = address({ ...state, doc: Number(link.dataset.doc), item: -1 });
    };
    byId("vw-list").addEventListener("pointerover", lead);
    byId("vw-list").addEventListener("focusin", lead);
    byId("vw-list").onclick = (e) => {
      const link = e.target.closest(".vw-row");
      if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      change({ doc: Number(link.dataset.doc), item: -1 }, { goes: true });
      if (!wide.matches) {
        byId("vw-choose").open = false;
        byId("vw-title").focus();
        byId("vw-reading").scrollIntoView();
      }
    };
    byId("vw-previous").onclick = () => step(-1);
    byId("vw-next").onclick = () => step(1);
    for (const button of byId("vw-layout").children)
      button.onclick = () => change({ layout: button.dataset.layout });
    byId("vw-findings").onclick = (e) => {
      const button = e.target.closest(".vw-finding");
      if (button) choose(button.entry);
    };
    const panes = byId("vw-reading");
    const markAt = (target) => {
      for (let node = target; node && node !== panes; node = node.parentElement) if (node.mark) return node.mark;
      return null;
    };
    panes.addEventListener("click", (e) => {
      const mark = markAt(e.target);
      if (!mark?.items.length || String(getSelection()).length) return;
      const list = mark.items.filter((entry) => open.visible.includes(entry));
      const from = list.length ? list : mark.items;
      choose(from[(from.indexOf(lit) + 1) % from.length], { scroll: false });
      if (!wide.matches) say(byId("vw-entry").innerText);
    });
    byId("vw-before").onclick = () => stepFinding(-1, false);
    byId("vw-after").onclick = () => stepFinding(1, false);
    byId("vw-entry").onclick = () => {
      const button = lit?.button?.isConnected ? lit.button : byId("vw-findings").querySelector("button");
      button?.scrollIntoView({ block: "center" });
      button?.focus({ preventScroll: true });
    };
    panes.addEventListener("mouseover", (e) => drawLines(markAt(e.target)?.items[0] ?? lit));
    panes.addEventListener("mouseleave", () => drawLines(lit));
    byId("vw-findings").addEventListener("mouseover", (e) =>
      drawLines(e.target.closest(".vw-finding")?.entry ?? lit));
    byId("vw-findings").addEventListener("focusin", (e) =>
      drawLines(e.target.closest(".vw-finding")?.entry ?? lit));
    byId("vw-findings").addEventListener("mouseleave", () => drawLines(lit));
    new ResizeObserver(() => drawLines(lit)).observe(byId("vw-panes"));
    const help = byId("vw-help");
    byId("vw-keys").onclick = showHelp;
    byId("vw-help-close").onclick = () => help.close();
    wide.addEventListener("change", fold);
    addEventListener("hashchange", () => route());
    for (const link of document.querySelectorAll("[data-to]"))
      link.onclick = (e) => {
        if (e.ctrlKey || e.metaKey || e.shiftKey) return;
        e.preventDefault();
        change({ view: link.dataset.to }, { goes: true });
      };
    addEventListener("pagehide", () => (history.scrollRestoration = "auto"));
    listenToKeys();
  }

  // Who speaks to the computer, or hits keys by accident, can switch them off; some browsers keep
  // nothing for a page from disk, then the choice lasts as long as the page.
  let keysAct = true;
  function showHelp() {
    byId("vw-help").showModal();
    byId("vw-help-name").focus();
  }

  function listenToKeys() {
    const box = byId("vw-single-keys");
    try {
      keysAct = sessionStorage.getItem(KEYS) !== "off";
    } catch { /* stays as it is */ }
    box.checked = keysAct;
    box.onchange = () => {
      keysAct = box.checked;
      try {
        sessionStorage.setItem(KEYS, keysAct ? "on" : "off");
      } catch { /* as above */ }
    };
    document.addEventListener("keydown", key);
  }

  function fold() {
    byId("vw-choose").open = wide.matches;
    if (open && state.view === "documents") draw(state);
  }

  const types = (target) =>
    target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName) || target.tagName === "INPUT";

  function key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || byId("vw-help").open) return;
    if (e.key === "Escape" && e.target === byId("vw-search")) return byId("vw-reading").focus();
    if (types(e.target) || (!keysAct && e.key.length === 1)) return;
    if (e.key === "?") {
      e.preventDefault();
      return showHelp();
    }
    if (state.view !== "documents") return;
    if (!(e.target instanceof Element)) return;
    const inFindings = e.target.closest("#vw-findings");
    const actions = {
      j: () => step(1), k: () => step(-1), n: () => stepFinding(1), p: () => stepFinding(-1),
      o: () => change({ layout: layout() === "side" ? "over" : "side" }),
      "/": () => {
        byId("vw-choose").open = true;
        byId("vw-search").focus();
        byId("vw-search").select();
      },
    };
    const here = e.target.closest(".vw-row");
    if (here) {
      const from = Number(here.dataset.doc);
      Object.assign(actions, { ArrowDown: () => step(1, from), ArrowUp: () => step(-1, from) });
    }
    if (inFindings) Object.assign(actions, { ArrowDown: actions.n, ArrowUp: actions.p });
    const action = Object.hasOwn(actions, e.key) ? actions[e.key] : null;
    if (!action) return;
    e.preventDefault();
    action();
  }

  // The address holds what is shown, so these links must not put their own names there.
  for (const link of document.querySelectorAll(".vw-skip, .vw-past"))
    link.onclick = (e) => {
      e.preventDefault();
      const to = byId(link.hash.slice(1));
      to.focus();
      to.scrollIntoView();
    };

  if (documents.length) {
    byId("vw-browser").hidden = false;
    for (const nav of document.querySelectorAll(".vw-views")) nav.hidden = false; // it needs us
    makeFilters();
    listen();
    fold();
    route({ first: true });
    performance.mark("vw-shown");
  }
})();
