// The tree, the search, and the way from addresses to pages. Folders are filled when they are opened, so that their number costs nothing.
const side = document.getElementById("tree"), box = document.getElementById("search"), main = document.getElementById("main");
let view = "project";

function place(id, n) {
  const kind = n.resource_type;
  switch (view) {
    case "database":
      if (!["model", "source", "seed", "snapshot"].includes(kind) || (n.config || {}).materialized === "ephemeral") return null;
      return [n.database || "no database", n.schema];
    case "groups":
      return kind === "test" || kind === "unit_test" || kind === "macro" || !n.group ? null : [n.group];
  }
  if (kind === "test" && n.test_metadata || kind === "unit_test") return null;
  if (kind === "source") return ["Sources", n.source_name];
  if (["exposure", "metric", "semantic_model", "saved_query", "function"].includes(kind)) return [plural[kind]];
  const folders = (n.original_file_path || "").split("/").slice(0, -1);
  return [n.package_name, ...folders];
}

function makeTree() {
  const root = { folders: new Map(), leaves: [] };
  for (const [id, n] of project.nodes) {
    if (!shown(n)) continue;
    const path = place(id, n);
    if (!path) continue;
    let at = root;
    for (const name of path) {
      if (!at.folders.has(name)) at.folders.set(name, { folders: new Map(), leaves: [] });
      at = at.folders.get(name);
    }
    at.leaves.push(id);
  }
  return root;
}

function branch(folder, depth) {
  const out = [];
  const own = (a, b) => (b === project.name) - (a === project.name) || (a < b ? -1 : 1);
  for (const name of [...folder.folders.keys()].sort(own)) {
    const inner = folder.folders.get(name);
    const d = h("details", null, h("summary", null, name));
    const fill = () => { if (d.children.length === 1) d.append(...branch(inner, depth + 1)); };
    d.addEventListener("toggle", () => d.open && fill());
    if (depth === 0 && (name === project.name || folder.folders.size <= 4)) { d.open = true; fill(); }
    out.push(d);
  }
  const text = id => view === "project" && project.nodes.get(id).resource_type === "source" ? project.nodes.get(id).name : project.nodes.get(id).label;
  const list = some(folder.leaves.sort(byTitle), id => link(id, text(id)), l => h("div", null, l));
  if (folder.leaves.length) out.push(...[].concat(list));
  return out;
}

function showTree() {
  const tree = makeTree();
  side.replaceChildren(...(tree.folders.size || tree.leaves.length ? branch(tree, 0) : [h("p", { class: "quiet" }, "Nothing here.")]));
  mark();
}

// find ranks names before tags, columns and descriptions, and descriptions before code.
function find(words) {
  const found = [];
  for (const [id, n] of project.nodes) {
    if (!shown(n)) continue;
    n.words ||= [n.label.toLowerCase(), [id, n.alias || "", (n.tags || []).join(" "), Object.keys(n.columns || {}).join(" ")].join(" ").toLowerCase(), (n.description || "").toLowerCase()];
    let score = 0;
    for (const w of words) {
      const s = n.words[0] === w ? 100 : n.words[0].startsWith(w) ? 50 : n.words[0].includes(w) ? 30 : n.words[1].includes(w) ? 8 : n.words[2].includes(w) ? 4 :
        (n.raw_code || "").toLowerCase().includes(w) ? 1 : 0;
      if (!s) { score = 0; break; }
      score += s;
    }
    if (score) found.push([score + (n.resource_type === "model" ? 3 : n.resource_type === "test" ? -20 : 0), id]);
  }
  return found.sort((a, b) => b[0] - a[0] || byTitle(a[1], b[1]));
}

function search() {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return showTree();
  const found = find(words);
  side.replaceChildren(h("p", { class: "quiet" }, `${found.length} found`), ...found.slice(0, 100).map(([, id]) => {
    const n = project.nodes.get(id), a = link(id);
    a.append(h("small", null, n.resource_type.replace("_", " "), " · ", n.package_name));
    return a;
  }));
  mark();
}

function mark() {
  const here = location.hash;
  for (const a of side.querySelectorAll("a")) a.getAttribute("href") === here ? a.setAttribute("aria-current", "page") : a.removeAttribute("aria-current");
}

function route() {
  let id = decodeURIComponent(location.hash.replace(/^#!?\/?/, ""));
  id = id.replace(/^[a-z_]+\/(?=[a-z_]+\.)/, ""); // dbt's page has the kind in front
  const known = project.nodes.get(id);
  document.title = known ? `${known.label} · ${project.name}` : project.name;
  main.replaceChildren(...(known ? nodePage(id) : id ? [h("h1", null, "Not found"), h("p", null, "There is nothing with the id ", h("code", null, id), " in this project.")] : homePage()).flat(Infinity).filter(Boolean));
  window.scrollTo(0, 0);
  mark();
}

function views() {
  const all = [["project", "Project"], ["database", "Database"]];
  if ([...project.nodes.values()].some(n => n.group)) all.push(["groups", "Groups"]);
  const bar = document.getElementById("views");
  bar.replaceChildren(...all.map(([name, text]) => h("button", { role: "tab", "aria-selected": view === name, onclick: () => { view = name; box.value = ""; views(); showTree(); } }, text)));
}

async function start() {
  const inlined = name => JSON.parse(document.getElementById(name).textContent);
  const get = async (name, needed) => {
    const answer = await fetch(name, { cache: "no-store" }).catch(e => { throw new Error(`${name} cannot be read: ${e.message}`); });
    if (!answer.ok) { if (!needed) return null; throw new Error(`${name} cannot be read: ${answer.status} ${answer.statusText}`); }
    return answer.json();
  };
  try {
    const manifest = inlined("manifest");
    if (manifest) load(manifest, inlined("catalog"));
    else {
      const [m, c] = await Promise.all([get("manifest.json", true), get("catalog.json", false)]);
      load(m, c);
    }
  } catch (e) {
    main.replaceChildren(h("h1", null, "No documentation"), h("p", null, e.message), h("p", null, "Write it with ", h("code", null, "weft docs generate"), " and show it with ",
      h("code", null, "weft docs serve"), "; or write one file that can be opened by itself, with ", h("code", null, "weft docs generate --static"), "."));
    return;
  }
  document.getElementById("home").textContent = project.name;
  views();
  showTree();
  route();
  addEventListener("hashchange", route);
  let waiting;
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 80); });
  addEventListener("keydown", e => {
    if (e.key === "/" && document.activeElement !== box) { e.preventDefault(); box.focus(); box.select(); }
    if (e.key === "Escape" && document.activeElement === box) { box.value = ""; search(); box.blur(); }
    if (e.key === "Enter" && document.activeElement === box) { const first = side.querySelector("a"); if (first) location.hash = first.getAttribute("href"); }
  });
  document.body.dataset.ready = "yes";
}
start();
