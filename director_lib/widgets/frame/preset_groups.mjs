// Presets by what they are about, each group in the order of its names.

export function byCategory(presets) {
  const groups = new Map();
  for (const preset of presets) groups.set(preset.category, [...(groups.get(preset.category) || []), preset]);
  return [...groups].sort(([one], [other]) => one.localeCompare(other)).map(([category, list]) => ({ category, presets: list }));
}
