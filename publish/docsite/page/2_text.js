// Markdown and SQL as elements. Only what is listed here has a meaning; everything else, HTML included, is shown as it is written.
function safeAddress(url) {
  const bare = url.replace(/[\u0000-\u0020]/g, "");
  return /^(https?:|mailto:|#|\/(?!\/)|\.{0,2}\/|[\w.-]+(\/|$|\.(png|jpe?g|gif|svg|webp|html?|pdf)))/i.test(bare) && !/^[\w.+-]+:/.test(bare.replace(/^(https?|mailto):/i, "")) ? bare : null;
}

const inlineForms = [
  [/^`([^`]+)`/, m => h("code", null, m[1])],
  [/^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, m => safeAddress(m[2]) ? h("img", { src: safeAddress(m[2]), alt: m[1] }) : m[0]],
  [/^\[([^\]]+)\]\(([^)\s]+)[^)]*\)/, m => safeAddress(m[2]) ? h("a", { href: safeAddress(m[2]), rel: "noopener noreferrer" }, inline(m[1])) : m[0]],
  [/^\*\*([^*](?:.*?[^*])?)\*\*/s, m => h("strong", null, inline(m[1]))],
  [/^__([^_](?:.*?[^_])?)__(?!\w)/s, m => h("strong", null, inline(m[1]))],
  [/^\*([^*\s](?:[^*]*[^*\s])?)\*/, m => h("em", null, inline(m[1]))],
  [/^_([^_\s](?:[^_]*[^_\s])?)_(?!\w)/, m => h("em", null, inline(m[1]))],
  [/^~~(.+?)~~/s, m => h("del", null, inline(m[1]))],
  [/^https?:\/\/[^\s<>()]*[^\s<>().,;:!?'"]/, m => h("a", { href: m[0], rel: "noopener noreferrer" }, m[0])],
  [/^\\([\\`*_{}[\]()#+.!|-])/, m => m[1]],
];

function inline(text) {
  const out = [];
  let plain = "";
  for (let i = 0; i < text.length;) {
    const c = text[i];
    let taken = 0;
    if ("`![*_~h\\".includes(c) && !(("_h".includes(c)) && i > 0 && /\w/.test(text[i - 1]))) {
      const rest = text.slice(i, i + 4000);
      for (const [form, make] of inlineForms) {
        const m = form.exec(rest);
        if (m) { if (plain) out.push(plain); plain = ""; out.push(make(m)); taken = m[0].length; break; }
      }
    }
    if (!taken) { plain += c; taken = 1; }
    i += taken;
  }
  if (plain) out.push(plain);
  return out;
}

function markdown(source) {
  const lines = String(source || "").replace(/\r\n?/g, "\n").split("\n");
  const root = h("div", { class: "text" });
  blocks(lines, root, 0);
  return root;
}

function blocks(lines, into, depth) {
  const item = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
  for (let i = 0; i < lines.length;) {
    const line = lines[i];
    let m;
    if (!line.trim()) { i++; continue; }
    if (m = /^\s*(```+|~~~+)/.exec(line)) {
      const body = [];
      for (i++; i < lines.length && !lines[i].trim().startsWith(m[1]); i++) body.push(lines[i]);
      i++;
      into.append(h("pre", null, h("code", null, body.join("\n"))));
    } else if (m = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)) {
      into.append(h("h" + Math.min(6, m[1].length + 1), null, inline(m[2])));
      i++;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      into.append(h("hr"));
      i++;
    } else if (/^\s*>/.test(line) && depth < 8) {
      const body = [];
      for (; i < lines.length && /^\s*>/.test(lines[i]); i++) body.push(lines[i].replace(/^\s*> ?/, ""));
      const quote = h("blockquote");
      blocks(body, quote, depth + 1);
      into.append(quote);
    } else if (line.includes("|") && i + 1 < lines.length && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1])) {
      const cells = l => l.trim().replace(/^\||\|$/g, "").split("|").map(c => c.trim());
      const head = cells(line), rows = [];
      for (i += 2; i < lines.length && lines[i].includes("|"); i++) rows.push(cells(lines[i]));
      into.append(h("table", null, h("tr", null, head.map(c => h("th", null, inline(c)))), rows.map(r => h("tr", null, r.map(c => h("td", null, inline(c)))))));
    } else if ((m = item.exec(line)) && depth < 8) {
      const list = h(/\d/.test(m[2]) ? "ol" : "ul"), indent = m[1].length;
      while (i < lines.length && (m = item.exec(lines[i])) && m[1].length >= indent && m[1].length < indent + 2) {
        const body = [m[3]];
        for (i++; i < lines.length && lines[i].trim() && !(item.test(lines[i]) && item.exec(lines[i])[1].length < indent + 2) && (/^\s/.test(lines[i]) || !item.test(lines[i])); i++) {
          body.push(lines[i].slice(Math.min(indent + 2, lines[i].length - lines[i].trimStart().length)));
        }
        const li = h("li");
        body.length === 1 ? li.append(...inline(body[0])) : blocks(body, li, depth + 1);
        list.append(li);
      }
      into.append(list);
    } else {
      const body = [line];
      for (i++; i < lines.length && lines[i].trim() && !/^\s*(```|~~~|>|#{1,6}\s)/.test(lines[i]) && !item.test(lines[i]); i++) body.push(lines[i]);
      into.append(h("p", null, inline(body.join("\n"))));
    }
  }
}

const sqlToken = new RegExp(["(--[^\\n]*|/\\*[\\s\\S]*?\\*/|\\{#[\\s\\S]*?#\\})", "(\\{\\{[\\s\\S]*?\\}\\}|\\{%[\\s\\S]*?%\\})", "('(?:[^']|'')*')",
  "\\b(select|distinct|from|where|group|order|by|having|limit|offset|with|recursive|as|on|using|join|left|right|full|inner|outer|cross|lateral|union|all|except|intersect|case|when|then|else|end|and|or|not|in|is|null|like|ilike|between|exists|over|partition|rows|range|qualify|window|cast|true|false|insert|into|values|update|set|delete|create|table|view|asc|desc|filter|interval)\\b"].join("|"), "gi");

// sql colours a text; very long ones stay plain.
function sql(text) {
  const code = h("code");
  if (text.length > 200000) { code.append(text); return h("pre", null, code); }
  let at = 0;
  for (const m of text.matchAll(sqlToken)) {
    code.append(text.slice(at, m.index), h("span", { class: m[1] ? "c" : m[2] ? "t" : m[3] ? "s" : "k" }, m[0]));
    at = m.index + m[0].length;
  }
  code.append(text.slice(at));
  return h("pre", null, code);
}
