"use strict";
// What the page knows of a project: the entries of the manifest by id, and who uses whom.
const kinds = ["model", "source", "seed", "snapshot", "analysis", "test", "unit_test", "exposure", "metric", "semantic_model", "saved_query", "function", "macro"];
const plural = { model: "Models", source: "Sources", seed: "Seeds", snapshot: "Snapshots", analysis: "Analyses", test: "Tests", unit_test: "Unit tests", exposure: "Exposures",
  metric: "Metrics", semantic_model: "Semantic models", saved_query: "Saved queries", function: "Functions", macro: "Macros" };
const project = { name: "", nodes: new Map(), parents: new Map(), children: new Map(), tests: new Map(), docs: {}, metadata: {}, catalog: {} };

function colour(kind) {
  return `var(--${["model", "source", "seed", "snapshot", "test", "exposure", "metric"].includes(kind) ? kind : kind === "unit_test" ? "test" : "other"})`;
}

// title is what people call an entry.
function title(n) {
  if (n.resource_type === "source") return n.source_name + "." + n.name;
  return n.version != null ? n.name + " v" + n.version : n.name;
}

function load(manifest, catalog) {
  project.metadata = manifest.metadata || {};
  project.name = project.metadata.project_name || "Project";
  project.docs = manifest.docs || {};
  for (const part of [catalog && catalog.nodes, catalog && catalog.sources]) {
    for (const id in part || {}) project.catalog[id] = part[id];
  }
  const builtIn = new Set(["dbt", "dbt_" + project.metadata.adapter_type, "dbt_postgres", "dbt_spark"]);
  for (const section of ["nodes", "sources", "exposures", "metrics", "semantic_models", "saved_queries", "unit_tests", "functions", "macros"]) {
    const entries = manifest[section] || {};
    for (const id in entries) {
      const n = entries[id];
      if (n.resource_type === "operation" || n.resource_type === "sql_operation" || section === "macros" && builtIn.has(n.package_name)) continue;
      n.label = title(n);
      project.nodes.set(id, n);
    }
  }
  const add = (map, key, value) => { const list = map.get(key); list ? list.push(value) : map.set(key, [value]); };
  for (const [id, n] of project.nodes) {
    if (n.resource_type === "macro") continue;
    const needs = [...new Set((n.depends_on && n.depends_on.nodes) || [])].filter(p => project.nodes.has(p));
    if (n.resource_type === "test" || n.resource_type === "unit_test") {
      for (const p of n.attached_node ? [n.attached_node] : needs) add(project.tests, p, id);
      project.parents.set(id, needs);
      continue;
    }
    project.parents.set(id, needs);
    for (const p of needs) add(project.children, p, id);
  }
}

function byTitle(a, b) {
  const x = project.nodes.get(a).label, y = project.nodes.get(b).label;
  return x < y ? -1 : x > y ? 1 : 0;
}

// hidden nodes keep their page and their place in the graph, but are not listed.
function shown(n) { return !n.docs || n.docs.show !== false; }

// h makes an element. Texts become text nodes: nothing that stands in a project is ever read as HTML.
function h(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const name in attributes || {}) {
    const v = attributes[name];
    if (name.startsWith("on")) e.addEventListener(name.slice(2), v);
    else if (name === "kind") e.style.setProperty("--kind", colour(v));
    else if (v != null && v !== false) e.setAttribute(name, v);
  }
  for (const c of children.flat(Infinity)) if (c != null && c !== "") e.append(c);
  return e;
}

function svg(tag, attributes, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in attributes) name === "kind" ? e.style.setProperty("--kind", colour(attributes[name])) : e.setAttribute(name, attributes[name]);
  e.append(...children);
  return e;
}

function address(id) { return "#/" + encodeURIComponent(id); }

function link(id, text) {
  const n = project.nodes.get(id);
  return h("a", { href: address(id), title: id }, h("span", { class: "dot", kind: n ? n.resource_type : "other" }), text || (n ? n.label : id));
}
