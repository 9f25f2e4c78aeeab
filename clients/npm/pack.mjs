// Makes the npm package that carries the program for one platform, and with the first the one that chooses:
// node pack.mjs PROGRAM TRIPLE FOLDER
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PLATFORMS = {
  "x86_64-unknown-linux-musl": ["linux", "x64"],
  "aarch64-unknown-linux-musl": ["linux", "arm64"],
  "x86_64-apple-darwin": ["darwin", "x64"],
  "aarch64-apple-darwin": ["darwin", "arm64"],
};
const here = dirname(fileURLToPath(import.meta.url));
const [program, triple, folder] = process.argv.slice(2);
const platform = PLATFORMS[triple];
if (!platform) {
  console.error(`${triple} is none of ${Object.keys(PLATFORMS).join(", ")}`);
  process.exit(1);
}
const [os, cpu] = platform;
const chooser = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const manifest = readFileSync(join(here, "..", "..", "Cargo.toml"), "utf8");
const [, version] = manifest.match(/^version = "([^"]+)"/m);
const named = [chooser.version, ...Object.values(chooser.optionalDependencies)];
if (named.some((it) => it !== version)) {
  console.error(`package.json has other versions than ${version}: ${named.join(", ")}`);
  process.exit(1);
}
const work = mkdtempSync(join(tmpdir(), "skyrig-npm-"));

function pack(name) {
  const args = ["pack", "--silent", "--pack-destination", resolve(folder)];
  console.log(execFileSync("npm", args, { cwd: join(work, name), encoding: "utf8" }).trim());
}

try {
  mkdirSync(join(work, "platform", "bin"), { recursive: true });
  copyFileSync(program, join(work, "platform", "bin", "skyrig"));
  chmodSync(join(work, "platform", "bin", "skyrig"), 0o755);
  const own = {
    name: `@skyrig/${os}-${cpu}`,
    version: chooser.version,
    description: `skyrig for ${os} on ${cpu}`,
    license: chooser.license,
    os: [os],
    cpu: [cpu],
    files: ["bin/skyrig"],
  };
  writeFileSync(join(work, "platform", "package.json"), JSON.stringify(own, null, 2));
  pack("platform");
  if (triple === Object.keys(PLATFORMS)[0]) {
    cpSync(here, join(work, "chooser"), { recursive: true });
    pack("chooser");
  }
} finally {
  rmSync(work, { recursive: true });
}
