// Turns each screen's .vue files into one module of director_lib/widgets/built; its manifest tells what they were made of.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { build } from "esbuild";
import { compileComponent, tagOf } from "./components.mjs";

const WIDGETS = join(import.meta.dirname, "..", "director_lib", "widgets");
const BUILT = join(WIDGETS, "built");
const THEME = join(WIDGETS, "theme.css");
const SCREENS = readdirSync(WIDGETS).filter((name) => existsSync(join(WIDGETS, name, `${name}.vue`))).filter((name) => name !== "frame").sort();
// Few enough lines for a module's size budget, and still something that a person can read and compare.
const LINE_LENGTH = 800;

const BANNER = "// Made by “make assets” from the .vue files; edit those.";

const nameOf = (path) => relative(WIDGETS, path).split(sep).join("/");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

function filesIn(folder, ...endings) {
  const names = readdirSync(join(WIDGETS, folder)).filter((name) => endings.some((ending) => name.endsWith(ending)));
  return names.sort().map((name) => join(WIDGETS, folder, name));
}

// The screen's own component, with all others registered in it.
function entryOf(main, parts) {
  const imports = parts.map((path, n) => `import part${n} from ${JSON.stringify(path)};`);
  const registered = parts.map((path, n) => `${JSON.stringify(tagOf(path))}: part${n}`);
  return [
    `import screen from ${JSON.stringify(main)};`, ...imports,
    'import { putStyle } from "./style.mjs";', 'import sheet from "screen:sheet";',
    `putStyle(${JSON.stringify(`${tagOf(main)}-style`)}, sheet);`,
    `screen.components = { ${registered.join(", ")} };`, "export default screen;",
  ].join("\n");
}

function compiled(components, sheet) {
  return {
    name: "compiled",
    setup(building) {
      building.onLoad({ filter: /\.vue$/ }, ({ path }) => ({ contents: components.get(path).code, loader: "js" }));
      building.onResolve({ filter: /^screen:sheet$/ }, ({ path }) => ({ path, namespace: "sheet" }));
      building.onLoad({ filter: /^/, namespace: "sheet" }, () => ({ contents: sheet, loader: "text" }));
    },
  };
}

async function bundle(main, parts) {
  const components = new Map([main, ...parts].map((path) => [path, compileComponent(path, nameOf(path))]));
  const [own, ...others] = [...components.values()].map((component) => component.sheet);
  // In this order a screen's rules give way to its parts', as they do when the page compiles them.
  const sheet = [own, readFileSync(THEME, "utf8"), ...others].filter(Boolean).join("\n");
  const result = await build({
    stdin: { contents: entryOf(main, parts), resolveDir: import.meta.dirname, sourcefile: "screen.mjs" },
    plugins: [compiled(components, sheet)], external: ["vue"], bundle: true, write: false, format: "esm",
    banner: { js: BANNER }, target: "es2022", charset: "utf8", minifyWhitespace: true, lineLimit: LINE_LENGTH, logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

async function buildScreen(name) {
  const main = join(WIDGETS, name, `${name}.vue`);
  const parts = [...filesIn("frame", ".vue"), ...filesIn(name, ".vue").filter((path) => path !== main)];
  const code = await bundle(main, parts);
  const sources = [...filesIn("frame", ".vue", ".mjs"), ...filesIn(name, ".vue", ".mjs"), THEME];
  const digests = sources.map((path) => [nameOf(path), sha256(readFileSync(path))]);
  return { name, code, made: { module_sha256: sha256(code), sources: Object.fromEntries(digests) } };
}

const built = await Promise.all(SCREENS.map(buildScreen));
rmSync(BUILT, { recursive: true, force: true });
mkdirSync(BUILT);
for (const { name, code } of built) writeFileSync(join(BUILT, `${name}.mjs`), code);
const manifest = Object.fromEntries(built.map(({ name, made }) => [name, made]));
writeFileSync(join(BUILT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
