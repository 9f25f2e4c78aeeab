// A graph in layers, left to right: who sends stands left of who gets. Pure: names in, places out.

const ROUNDS = 6;
// Longer edges go straight, and so do all beyond so many bends: a knot gets no clearer by them.
const BENDS_MAX = 20;
const ALL_BENDS_MAX = 3_000;

// `nodes` are keys, `edges` `[from, to]`; gives the column and row of each key, how many there are, and by
// `from to` the places that a long edge goes by, so that it crosses nobody.
export function layers(nodes, edges) {
  const known = new Set(nodes);
  const next = new Map(nodes.map(key => [key, []]));
  const before = new Map(nodes.map(key => [key, []]));
  const joins = (from, to) => { next.get(from).push(to); before.get(to).push(from); };
  const ahead = forward(nodes, edges.filter(([from, to]) => from !== to && known.has(from) && known.has(to)));
  ahead.forEach(([from, to]) => joins(from, to));
  const column = columns(nodes, next, before);
  const rows = [];
  for (const key of nodes) (rows[column.get(key)] ??= []).push(key);
  const bends = new Map();
  let bent = 0;
  [...next.values(), ...before.values()].forEach(list => list.splice(0));
  for (const [from, to] of ahead) {
    let last = from;
    const by = [];
    const long = column.get(to) - column.get(from) - 1;
    if (long > BENDS_MAX || (bent += long) > ALL_BENDS_MAX) continue;
    for (let at = column.get(from) + 1; at < column.get(to); at += 1) {
      const key = `${from} ${to} ${at}`;
      [next, before].forEach(it => it.set(key, []));
      (rows[at] ??= []).push(key);
      joins(last, key);
      by.push(key);
      last = key;
    }
    joins(last, to);
    if (by.length) bends.set(`${from} ${to}`, by);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const down = round % 2 === 0;
    const order = down ? rows.keys() : [...rows.keys()].reverse();
    for (const at of order) arrange(rows[at] ?? [], rows[at + (down ? -1 : 1)] ?? [], down ? before : next);
  }
  const place = new Map();
  rows.forEach((list, at) => list.forEach((key, row) => place.set(key, { column: at, row })));
  const spots = new Map([...bends].map(([edge, keys]) => [edge, keys.map(key => place.get(key))]));
  return { place, bends: spots, columns: rows.length, rows: Math.max(0, ...rows.map(it => it?.length ?? 0)) };
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

// Each near the middle of those in the column beside it that it is joined to.
function arrange(list, beside, joined) {
  const row = new Map(beside.map((key, index) => [key, index]));
  const middle = (key, own) => {
    const places = joined.get(key).map(it => row.get(it)).filter(it => it !== undefined);
    return places.length ? places.reduce((sum, it) => sum + it, 0) / places.length : own;
  };
  const wanted = new Map(list.map((key, index) => [key, middle(key, index)]));
  list.sort((one, other) => wanted.get(one) - wanted.get(other));
}
