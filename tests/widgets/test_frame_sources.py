from __future__ import annotations

import re
from pathlib import Path

import pytest

from director_lib.widgets.frame import frame_components
from director_lib.widgets.sources import component_source, components_in
from director_lib.widgets.theme import COLORS, theme_style

_GROUNDS = {
    "bg": "text soft faint",
    "panel": "text soft faint lamp good change old bad talk",
    "raised": "text soft faint good change bad",
    "hover": "text",
    "bone": "ink",
}
_PAIRS = [(ink, ground) for ground, inks in _GROUNDS.items() for ink in inks.split()]


def tokens() -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", theme_style()))


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("ink", "ground"), _PAIRS)
def test_text_stands_out_from_its_ground(ink: str, ground: str) -> None:
    light, dark = sorted((luminance(tokens()[ink]), luminance(tokens()[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_module_is_put_once_before_all_that_import_it(tmp_path: Path) -> None:
    (tmp_path / "one.mjs").write_text("export const one = 1;\n", encoding="utf-8")
    (tmp_path / "two.mjs").write_text(
        'import { one } from "./one.mjs";\nexport function two() { return one + one; }\n', encoding="utf-8"
    )
    imports = 'import { two } from "./two.mjs";\nimport { one } from "./one.mjs";\n'
    vue = f"<script>\n{imports}export default {{ methods: {{ two }} }};\n</script>"
    (tmp_path / "sum.vue").write_text(vue, encoding="utf-8")
    text = component_source(tmp_path / "sum.vue")
    assert "import " not in text
    assert text.count("export ") == 1
    assert text.count("const one = 1;") == 1
    assert text.index("const one = 1;") < text.index("function two()") < text.index("export default")


def test_a_missing_module_is_said_when_the_component_is_read(tmp_path: Path) -> None:
    (tmp_path / "sum.vue").write_text(
        '<script>\nimport { two } from "./gone.mjs";\n</script>', encoding="utf-8"
    )
    with pytest.raises(FileNotFoundError, match=r"gone\.mjs"):
        component_source(tmp_path / "sum.vue")


def test_components_are_known_by_the_name_of_their_file(tmp_path: Path) -> None:
    for name in ("word_diff.vue", "desk.vue"):
        (tmp_path / name).write_text("<template><p/></template>", encoding="utf-8")
    assert list(components_in(tmp_path, but="desk.vue")) == ["dl-word-diff"]


def test_the_frame_brings_every_part_that_it_uses() -> None:
    parts = frame_components()
    used = {tag for text in parts.values() for tag in re.findall(r"<(dl-[\w-]+)", text)}
    assert used <= {*parts}


def test_vuetify_gets_colors_and_the_style_has_no_other_address() -> None:
    assert all(re.fullmatch(r"#[0-9a-f]{6}", color) for color in COLORS.values())
    assert "url(" not in theme_style()
    assert "@import" not in theme_style()
