// The lineage graph: layers from left to right, each node one column right of the last of its parents.
const mostNodes = 300;

// around collects what lies up to so many steps above and below a node.
function around(id, up, down) {
  const found = new Set([id]);
  let cut = false;
  for (const [map, steps] of [[project.parents, up], [project.children, down]]) {
    let edge = [id];
    for (let i = 0; i < steps && edge.length; i++) {
      const next = [];
      for (const n of edge) {
        for (const other of map.get(n) || []) {
          if (found.has(other)) continue;
          if (found.size >= mostNodes) { cut = true; break; }
          found.add(other);
          next.push(other);
        }
      }
      edge = next;
    }
  }
  return { found, cut };
}

function layout(found) {
  const inside = id => (project.parents.get(id) || []).filter(p => found.has(p));
  const waits = new Map(), layer = new Map();
  for (const id of found) waits.set(id, inside(id).length);
  const below = id => (project.children.get(id) || []).filter(c => found.has(c));
  let ready = [...found].filter(id => !waits.get(id));
  for (const id of ready) layer.set(id, 0);
  while (ready.length) {
    const next = [];
    for (const id of ready) {
      for (const c of below(id)) {
        layer.set(c, Math.max(layer.get(c) || 0, layer.get(id) + 1));
        waits.set(c, waits.get(c) - 1);
        if (!waits.get(c)) next.push(c);
      }
    }
    ready = next;
  }
  // What reads nothing stands right before its first reader.
  for (const id of found) {
    const readers = below(id);
    if (!inside(id).length && readers.length) layer.set(id, Math.min(...readers.map(c => layer.get(c))) - 1);
  }
  const least = Math.min(...layer.values());
  const columns = [], before = new Map(), after = new Map(), edges = [];
  const put = (id, at) => { (columns[at - least] ||= []).push(id); before.set(id, []); after.set(id, []); };
  const join = (from, to) => { after.get(from).push(to); before.get(to).push(from); };
  for (const id of [...found].sort(byTitle)) put(id, layer.get(id) || 0);
  // An edge that passes other layers gets a place in each of them, so that it runs between the boxes.
  for (const to of found) {
    for (const from of inside(to)) {
      const way = [from];
      for (let at = layer.get(from) + 1; at < layer.get(to); at++) {
        const bend = { bend: at };
        put(bend, at);
        join(way[way.length - 1], bend);
        way.push(bend);
      }
      join(way[way.length - 1], to);
      way.push(to);
      edges.push(way);
    }
  }
  for (let i = 0; i < columns.length; i++) columns[i] ||= [];
  const place = new Map();
  const number = column => column.forEach((id, i) => place.set(id, i - column.length / 2));
  columns.forEach(number);
  for (let round = 0; round < 8; round++) {
    for (const column of round % 2 ? [...columns].reverse() : columns) {
      const weight = new Map(column.map(id => {
        const others = (round % 2 ? after : before).get(id);
        return [id, others.length ? others.reduce((sum, o) => sum + place.get(o), 0) / others.length : place.get(id)];
      }));
      column.sort((a, b) => weight.get(a) - weight.get(b));
      number(column);
    }
  }
  return { columns, edges };
}

function draw(found, self) {
  const { columns, edges } = layout(found);
  const step = { x: 226, y: 38 }, box = { w: 182, h: 28 };
  const tallest = Math.max(...columns.map(c => c.length));
  const width = (columns.length - 1) * step.x + box.w + 40, height = tallest * step.y + 20;
  const at = new Map();
  columns.forEach((c, x) => c.forEach((id, y) => at.set(id, { x: 20 + x * step.x, y: 14 + (tallest - c.length) * step.y / 2 + y * step.y })));
  const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "lineage" });
  const middle = box.h / 2;
  for (const way of edges) {
    let from = at.get(way[0]), line = `M${from.x + box.w} ${from.y + middle}`, x = from.x + box.w, y = from.y + middle;
    for (const id of way.slice(1)) {
      const to = at.get(id), half = (to.x - x) / 2;
      line += `C${x + half} ${y} ${to.x - half} ${to.y + middle} ${to.x} ${to.y + middle}`;
      x = to.x; y = to.y + middle;
      if (id.bend != null) { line += `h${box.w}`; x += box.w; }
    }
    picture.append(svg("path", { d: line }));
  }
  for (const [id, p] of at) {
    if (id.bend != null) continue;
    const n = project.nodes.get(id);
    const name = n.label.length > 26 ? n.label.slice(0, 25) + "…" : n.label;
    const text = svg("text", { x: p.x + 10, y: p.y + 18 });
    text.textContent = name;
    const tip = svg("title", {});
    tip.textContent = id;
    picture.append(svg("a", { href: address(id), kind: n.resource_type, class: id === self ? "self" : "" }, svg("rect", { x: p.x, y: p.y, width: box.w, height: box.h, rx: 7 }), text, tip));
  }
  return h("div", { class: "graph" }, picture);
}

// lineage is the graph around a node, with buttons that widen it.
function lineage(id) {
  let up = 2, down = 2;
  const out = h("section", { id: "lineage" });
  const show = () => {
    const { found, cut } = around(id, up, down);
    const button = (text, act) => h("button", { class: "more", onclick: () => { act(); show(); } }, text);
    out.replaceChildren(h("h2", null, "Lineage"),
      h("p", null, button("more upstream", () => up++), " ", button("more downstream", () => down++), " ", button("everything", () => { up = down = 1000; }), " ", button("less", () => { up = down = 1; }),
        h("span", { class: "quiet" }, ` ${found.size} nodes${cut ? ", more are left out" : ""}`)),
      draw(found, id));
  };
  show();
  return out;
}
