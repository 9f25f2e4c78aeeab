#!/usr/bin/env node
"use strict";

// Runs the program of the package for this platform, and ends as it does.
const { spawn } = require("node:child_process");

const name = `@skyrig/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/skyrig`);
} catch {
  console.error(`skyrig: ${name} is not installed; there are linux-x64, linux-arm64, darwin-x64 and darwin-arm64`);
  process.exit(1);
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`skyrig: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(code);
  }
});
