from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.engines.script.command import CommandTemplate
from director_lib.engines.script.engine import NAMES
from director_lib.errors import ConfigError

EMPTY = dict.fromkeys(NAMES, "")


@given(st.text())
def test_a_prompt_stays_one_argument_whatever_is_in_it(prompt: str) -> None:
    template = CommandTemplate("make --prompt={prompt} {prompt} {output}", NAMES)
    assert template.fill({**EMPTY, "prompt": prompt, "output": "o"}) == [
        "make",
        f"--prompt={prompt}",
        prompt,
        "o",
    ]


def test_a_name_inside_a_prompt_is_not_filled_in() -> None:
    template = CommandTemplate("make {prompt} {output}", NAMES)
    assert template.fill({**EMPTY, "prompt": "{output}", "output": "o"}) == ["make", "{output}", "o"]


def test_an_optional_part_without_a_value_is_left_out() -> None:
    template = CommandTemplate("make {output} [--negative {negative}] [--seed={seed} --fast]", NAMES)
    assert template.fill({**EMPTY, "output": "o", "seed": "7"}) == ["make", "o", "--seed=7", "--fast"]


def test_quotes_keep_words_together() -> None:
    template = CommandTemplate("'my program' --note 'made by us' {output}", NAMES)
    assert template.fill({**EMPTY, "output": "o"}) == ["my program", "--note", "made by us", "o"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("make {prompt}", "does not say where"),
        ("make {output} {colour}", "{colour}"),
        ("make {output} [--a", "without its partner"),
        ("make 'a {output}", "quotes"),
    ],
)
def test_a_template_that_cannot_work_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        CommandTemplate(text, NAMES)
