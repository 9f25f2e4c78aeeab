// A graph in layers, left to right: who sends stands left of who gets. Pure: names in, places out.

const ROUNDS = 6;

// `nodes` are keys, `edges` `[from, to]`; gives the column and row of each key, and how many there are.
export function layers(nodes, edges) {
  const known = new Set(nodes);
  const next = new Map(nodes.map(key => [key, []]));
  const before = new Map(nodes.map(key => [key, []]));
  for (const [from, to] of forward(nodes, edges.filter(([from, to]) => from !== to && known.has(from) && known.has(to)))) {
    next.get(from).push(to);
    before.get(to).push(from);
  }
  const column = columns(nodes, next, before);
  const rows = [];
  for (const key of nodes) (rows[column.get(key)] ??= []).push(key);
  for (let round = 0; round < ROUNDS; round += 1) {
    const down = round % 2 === 0;
    const order = down ? rows.keys() : [...rows.keys()].reverse();
    for (const at of order) if (rows[at]) arrange(rows, at, down ? before : next);
  }
  const place = new Map();
  rows.forEach((list, at) => list.forEach((key, row) => place.set(key, { column: at, row })));
  return { place, columns: rows.length, rows: Math.max(0, ...rows.map(it => it?.length ?? 0)) };
}

// The edges without those that close a circle, which are turned.
function forward(nodes, edges) {
  const out = new Map(nodes.map(key => [key, []]));
  edges.forEach(([from, to]) => out.get(from).push(to));
  const state = new Map();
  const kept = [];
  for (const root of nodes) {
    if (state.has(root)) continue;
    const stack = [[root, 0]];
    state.set(root, 1);
    while (stack.length) {
      const top = stack.at(-1);
      const [key, at] = top;
      const to = out.get(key)[at];
      if (to === undefined) { state.set(key, 2); stack.pop(); continue; }
      top[1] += 1;
      if (state.get(to) === 1) continue;
      kept.push([key, to]);
      if (!state.has(to)) { state.set(to, 1); stack.push([to, 0]); }
    }
  }
  return kept;
}

// As far right as the longest way that leads there.
function columns(nodes, next, before) {
  const waits = new Map(nodes.map(key => [key, before.get(key).length]));
  const column = new Map(nodes.map(key => [key, 0]));
  const ready = nodes.filter(key => waits.get(key) === 0);
  while (ready.length) {
    const key = ready.pop();
    for (const to of next.get(key)) {
      column.set(to, Math.max(column.get(to), column.get(key) + 1));
      waits.set(to, waits.get(to) - 1);
      if (waits.get(to) === 0) ready.push(to);
    }
  }
  // Who only sends stands next to those that get it.
  for (const key of nodes) {
    const right = next.get(key).map(to => column.get(to));
    if (before.get(key).length === 0 && right.length) column.set(key, Math.max(0, Math.min(...right) - 1));
  }
  return column;
}

// Each near the middle of those that it is joined to.
function arrange(rows, at, joined) {
  const row = new Map();
  rows.forEach((list, column) => { if (column !== at) list?.forEach((key, index) => row.set(key, index)); });
  const middle = (key, own) => {
    const places = joined.get(key).map(it => row.get(it)).filter(it => it !== undefined);
    return places.length ? places.reduce((sum, it) => sum + it, 0) / places.length : own;
  };
  const wanted = new Map(rows[at].map((key, index) => [key, middle(key, index)]));
  rows[at].sort((one, other) => wanted.get(one) - wanted.get(other));
}
