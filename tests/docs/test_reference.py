from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pydantic_core import PydanticUndefined

from director_lib import errors
from director_lib.config import Settings
from tests.docs.documents import CHECKOUT, first_cells, read, rows

BETWEEN_OUR_PROCESSES = {"DIRECTOR_REQUEST", "DIRECTOR_SCREENS_URL"}


def error_classes(parent: type[errors.DirectorError]) -> Iterator[type[errors.DirectorError]]:
    yield parent
    for child in parent.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from error_classes(child)


def variable(field: str) -> str:
    return f"DIRECTOR_{field.upper()}"


def variables_in_the_code() -> set[str]:
    sources = (path.read_text(encoding="utf-8") for path in (CHECKOUT / "director_lib").rglob("*.py"))
    return {name for source in sources for name in re.findall(r'"(DIRECTOR_[A-Z_]+)"', source)}


def test_every_variable_is_documented_and_nothing_else() -> None:
    known = {*map(variable, Settings.model_fields), *variables_in_the_code()} - BETWEEN_OUR_PROCESSES
    assert sorted(first_cells(read("configuration.md"))) == sorted(known)


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_the_documented_default_is_the_real_one(field: str) -> None:
    default = Settings.model_fields[field].default
    documented = rows(read("configuration.md"))[variable(field)][0]
    if default in (None, "", PydanticUndefined):
        assert documented
    else:
        assert documented == f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_every_error_code_is_documented_and_nothing_else() -> None:
    codes = [error.code for error in error_classes(errors.DirectorError)]
    assert sorted(first_cells(read("errors.md"))) == sorted(codes)


def test_error_codes_are_unique() -> None:
    codes = [error.code for error in error_classes(errors.DirectorError)]
    assert len(codes) == len(set(codes))
