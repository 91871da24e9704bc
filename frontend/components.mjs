// Compiles a .vue file as the page itself would, with the same compiler, so that it looks and behaves the same.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { compileScript, compileStyle, compileTemplate, parse } from "@vue/compiler-sfc";

// "word_diff.vue" is <dl-word-diff>.
export function tagOf(path) {
  return `dl-${basename(path, ".vue").replaceAll("_", "-")}`;
}

function orFail(name, errors) {
  if (errors.length) throw new Error(`${name}: ${errors.map((error) => error.message || error).join("; ")}`);
}

function sheetOf(descriptor, id) {
  return descriptor.styles.map(({ content, scoped }) => {
    const style = compileStyle({ filename: descriptor.filename, id, scoped, source: content, isProd: true });
    orFail(descriptor.filename, style.errors);
    return style.code.trim();
  }).join("\n");
}

// Returns a component as the text of a module, and its style sheet. The name makes the mark of its scoped styles.
export function compileComponent(path, name) {
  const { descriptor, errors } = parse(readFileSync(path, "utf8"), { filename: name });
  orFail(name, errors);
  const id = createHash("sha256").update(name).digest("hex").slice(0, 8);
  const scoped = descriptor.styles.some((style) => style.scoped);
  const script = compileScript(descriptor, { id, isProd: true, genDefaultAs: "component" });
  const template = compileTemplate({
    filename: name, id, scoped, isProd: true, source: descriptor.template.content,
    compilerOptions: { bindingMetadata: script.bindings },
  });
  orFail(name, template.errors);
  const code = [script.content, template.code, "component.render = render;"];
  if (scoped) code.push(`component.__scopeId = "data-v-${id}";`);
  return { code: [...code, "export default component;"].join("\n"), sheet: sheetOf(descriptor, id) };
}
