// The pages: the project, and one for each entry.
const rowsAtOnce = 200;

// some shows the first of many, and the rest when asked for.
function some(items, make, wrap) {
  const box = wrap(items.slice(0, rowsAtOnce).map(make));
  if (items.length <= rowsAtOnce) return box;
  const more = h("button", { class: "more", onclick: () => { for (const x of items.slice(rowsAtOnce)) box.append(make(x)); more.remove(); } }, `show all ${items.length}`);
  return [box, more];
}

function linkList(ids) { return some([...ids].sort(byTitle), id => h("li", null, link(id)), list => h("ul", { class: "links" }, list)); }

function facts(pairs) {
  const known = pairs.filter(([, v]) => v != null && v !== "" && !(Array.isArray(v) && !v.length));
  return known.length ? h("dl", { class: "facts" }, known.map(([k, v]) => h("div", null, h("dt", null, k), h("dd", null, v instanceof Node ? v : Array.isArray(v) ? v.join(", ") : typeof v === "object" ? JSON.stringify(v) : String(v))))) : null;
}

function testName(t) {
  const m = t.test_metadata;
  return t.resource_type === "unit_test" || !m ? t.name : (m.namespace ? m.namespace + "." : "") + m.name;
}

function columnTable(id, n) {
  const held = (project.catalog[id] || {}).columns || {};
  const rows = new Map();
  for (const c of Object.values(held).sort((a, b) => a.index - b.index)) rows.set(c.name.toLowerCase(), { name: c.name, type: c.type, text: c.comment });
  for (const c of Object.values(n.columns || {})) {
    if (!c || !c.name) continue;
    const row = rows.get(c.name.toLowerCase()) || { name: c.name };
    rows.set(c.name.toLowerCase(), Object.assign(row, { type: row.type || c.data_type, text: c.description || row.text, constraints: c.constraints, tags: c.tags }));
  }
  if (!rows.size) return null;
  const tests = new Map();
  for (const t of project.tests.get(id) || []) {
    const test = project.nodes.get(t), column = (test.column_name || "").replace(/^["`]|["`]$/g, "").toLowerCase();
    if (column) tests.set(column, (tests.get(column) || []).concat(t));
  }
  const row = c => h("tr", null, h("td", { class: "mono" }, c.name), h("td", { class: "mono quiet" }, c.type || ""), h("td", null, c.text ? markdown(c.text) : "",
    (c.constraints || []).map(x => h("span", { class: "badge" }, x.type)), (c.tags || []).map(x => h("span", { class: "badge" }, x))),
    h("td", null, (tests.get(c.name.toLowerCase()) || []).map(t => h("a", { href: address(t), class: "badge", kind: "test" }, testName(project.nodes.get(t))))));
  return [h("h2", null, "Columns"), h("div", { class: "wide" }, some([...rows.values()], row,
    list => h("table", { id: "columns" }, h("tr", null, ["Name", "Type", "Description", "Tests"].map(x => h("th", null, x))), list)))];
}

function codeTabs(n) {
  const texts = [["Source", n.raw_code || n.macro_sql], ["Compiled", n.compiled_code]].filter(([, t]) => t);
  if (!texts.length) return null;
  let now = texts.length - 1 && n.resource_type === "test" ? 1 : 0;
  const box = h("div");
  const show = () => {
    box.replaceChildren(h("div", { class: "tabs", role: "tablist" }, texts.map(([name], i) => h("button", { role: "tab", "aria-selected": i === now, onclick: () => { now = i; show(); } }, name)),
      h("button", { class: "push", onclick: e => navigator.clipboard && navigator.clipboard.writeText(texts[now][1]).then(() => { e.target.textContent = "copied"; }) }, "copy")), sql(texts[now][1]));
  };
  show();
  return [h("h2", null, "Code"), box];
}

function ownerText(o) { return o && typeof o === "object" ? [].concat(o.name || [], o.email || []).join(", ") : o; }

function nodePage(id) {
  const n = project.nodes.get(id), kind = n.resource_type, config = n.config || {}, held = project.catalog[id];
  const path = n.original_file_path;
  const stats = held ? Object.values(held.stats || {}).filter(s => s.include && s.id !== "has_stats").map(s => [s.label, s.value]) : [];
  const url = n.url && safeAddress(n.url);
  const parts = [
    h("h1", null, n.label),
    h("p", null, h("span", { class: "badge", kind }, kind.replace("_", " ")), config.materialized && kind !== "test" ? h("span", { class: "badge" }, config.materialized) : null,
      n.access && n.access !== "protected" ? h("span", { class: "badge" }, n.access) : null, config.contract && config.contract.enforced ? h("span", { class: "badge" }, "contract") : null,
      (n.tags || []).map(t => h("span", { class: "badge" }, t))),
    facts([["Relation", n.relation_name && h("code", null, n.relation_name)], ["Type", held && held.metadata.type], ["Owner", ownerText(n.owner) || (held && held.metadata.owner)],
      ["Group", n.group], ["Package", n.package_name], ["File", path && h("code", null, path)], ["Kind", kind === "exposure" || kind === "metric" ? n.type : null], ["Maturity", n.maturity],
      ["Address", url && h("a", { href: url, rel: "noopener noreferrer" }, n.url)], ["Loader", n.loader], ["Loaded at", n.loaded_at_field], ["Latest version", n.latest_version],
      ["Deprecated from", n.deprecation_date], ["Severity", kind === "test" ? config.severity : null], ["Where", config.where && h("code", null, config.where)], ...stats]),
  ];
  if (n.description) parts.push(h("h2", null, "Description"), markdown(n.description));
  if (kind === "source" && n.source_description) parts.push(h("h3", null, "The source ", n.source_name), markdown(n.source_description));
  if (n.meta && Object.keys(n.meta).length) parts.push(h("h2", null, "Meta"), facts(Object.entries(n.meta)));
  parts.push(columnTable(id, n));
  if (kind === "macro" && n.arguments && n.arguments.length) {
    parts.push(h("h2", null, "Arguments"), h("table", null, n.arguments.map(a => h("tr", null, h("td", { class: "mono" }, a.name), h("td", { class: "mono quiet" }, a.type || ""), h("td", null, a.description ? markdown(a.description) : "")))));
  }
  for (const [name, list] of [["Entities", n.entities], ["Dimensions", n.dimensions], ["Measures", n.measures]]) {
    if (kind === "semantic_model" && list && list.length) {
      parts.push(h("h2", null, name), h("table", null, list.map(x => h("tr", null, h("td", { class: "mono" }, x.name), h("td", { class: "quiet" }, x.type || x.agg || ""), h("td", null, x.description || x.expr || "")))));
    }
  }
  const parents = project.parents.get(id) || [], children = project.children.get(id) || [], tests = project.tests.get(id) || [];
  if (parents.length) parts.push(h("section", { id: "parents" }, h("h2", null, "Depends on"), linkList(parents)));
  if (children.length) parts.push(h("section", { id: "children" }, h("h2", null, "Used by"), linkList(children)));
  if (tests.length) parts.push(h("section", { id: "tests" }, h("h2", null, "Tests"), linkList(tests)));
  if (kind !== "macro" && (parents.length || children.length)) parts.push(lineage(id));
  if (kind === "unit_test") parts.push(h("h2", null, "Definition"), h("pre", null, h("code", null, JSON.stringify({ model: n.model, given: n.given, expect: n.expect, overrides: n.overrides || undefined }, null, 2))));
  parts.push(codeTabs(n));
  return parts;
}

function homePage() {
  const count = new Map();
  for (const n of project.nodes.values()) count.set(n.resource_type, (count.get(n.resource_type) || 0) + 1);
  const overview = project.docs[`doc.${project.name}.__overview__`] || project.docs[`doc.${project.name}.__${project.name}__`];
  const parts = [h("h1", null, project.name), h("p", { class: "quiet" }, "written ", (project.metadata.generated_at || "").slice(0, 16).replace("T", " "), " UTC, ", project.metadata.adapter_type || ""),
    h("div", { class: "cards" }, kinds.filter(k => count.get(k)).map(k => h("div", { class: "card", kind: k }, h("b", null, String(count.get(k))), plural[k])))];
  if (overview && overview.block_contents) parts.push(markdown(overview.block_contents));
  const flow = new Set([...project.nodes].filter(([id, n]) => !["test", "unit_test", "macro", "analysis"].includes(n.resource_type) && shown(n) &&
    ((project.parents.get(id) || []).length || (project.children.get(id) || []).length)).map(([id]) => id));
  if (flow.size && flow.size <= mostNodes) parts.push(h("section", { id: "lineage" }, h("h2", null, "Lineage"), draw(flow)));
  else if (flow.size) parts.push(h("p", { class: "quiet" }, `${flow.size} nodes are too many for one picture; the page of each node has its part of the lineage.`));
  return parts;
}
