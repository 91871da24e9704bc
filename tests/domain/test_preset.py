from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.people import Actor, Role
from director_lib.domain.preset import PresetForm, may_change, with_fragment
from director_lib.errors import InputError


@pytest.mark.parametrize(
    ("prompt", "fragment", "made"),
    [
        ("a boat", "soft fog", "a boat, soft fog"),
        ("a boat.", "soft fog", "a boat. soft fog"),
        (" ", " soft fog ", "soft fog"),
        ("a boat, soft fog at sea", "soft fog", "a boat, soft fog at sea"),
    ],
)
def test_a_fragment_comes_to_the_end_of_a_prompt_once(prompt: str, fragment: str, made: str) -> None:
    assert with_fragment(prompt, fragment) == made


@given(st.text(), st.text(min_size=1).filter(str.strip))
def test_a_fragment_put_in_twice_is_in_once(prompt: str, fragment: str) -> None:
    once = with_fragment(prompt, fragment)
    assert fragment.strip() in once
    assert with_fragment(once, fragment) == once


@pytest.mark.parametrize(
    "form",
    [
        PresetForm(" ", "light", "fog"),
        PresetForm("Fog", "", "fog"),
        PresetForm("Fog", "light", "\n"),
        PresetForm("F" * 61, "light", "fog"),
        PresetForm("Fog", "l" * 31, "fog"),
        PresetForm("Fog", "light", "f" * 2001),
    ],
)
def test_a_preset_with_an_empty_or_too_long_part_is_refused(form: PresetForm) -> None:
    with pytest.raises(InputError, match="Nothing was saved"):
        form.checked()


def test_a_category_is_written_one_way() -> None:
    assert PresetForm(" Fog ", " Lighting", "fog ").checked() == PresetForm("Fog", "lighting", "fog")


@pytest.mark.parametrize(
    ("role", "username", "may"),
    [
        (Role.DIRECTOR, "dora", True),
        (Role.DIRECTOR, "dan", False),
        (Role.ADMIN, "root", True),
        (Role.VIEWER, "dora", False),
    ],
)
def test_its_author_and_an_admin_may_change_a_preset(role: Role, username: str, may: bool) -> None:
    assert may_change(Actor(username, role), "dora") is may
