// Whether anything has changed: one cheap question a second while somebody looks, and none else.

import { get, own } from "./aws.js";

const BEAT_MS = 1_000;
// Time passes without changes: messages appear again, answers get old.
const ANYWAY_MS = 5_000;

export const now = { millis: Date.now(), read: performance.now(), factor: 1, deadline: null, mode: "real", lost: false };
const listeners = new Set();
let seen = "";
let looked = 0;
let timer = 0;

// Virtual time as it must be now.
export const virtual = () => now.millis + (performance.now() - now.read) * now.factor;

export const listen = listener => { listeners.add(listener); return () => listeners.delete(listener); };

export async function beat(anyway = false) {
  clearTimeout(timer);
  if (document.hidden && !anyway) return;
  try {
    const pulse = await get("/_skyrig/pulse");
    const { calls, entries, resets } = pulse.revision;
    Object.assign(now, { millis: pulse.now, read: performance.now(), deadline: pulse.next_deadline, mode: pulse.mode, lost: false });
    now.factor = { real: 1, manual: 0 }[pulse.mode] ?? pulse.factor;
    const mark = [calls - own.calls, entries, resets, pulse.mode === "manual" ? pulse.now : 0].join();
    const changed = mark !== seen;
    const due = now.factor > 0 && performance.now() - looked > ANYWAY_MS;
    seen = mark;
    if (changed || due || anyway) looked = performance.now();
    await Promise.all([...listeners].map(it => it({ changed: changed || anyway, due })));
  } catch {
    now.lost = true;
    await Promise.all([...listeners].map(it => it({ changed: false, due: false })));
  }
  clearTimeout(timer);
  timer = setTimeout(beat, BEAT_MS);
}

document.addEventListener("visibilitychange", () => beat());
