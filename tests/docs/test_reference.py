from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic_core import PydanticUndefined

from director_lib import errors
from director_lib.config import Settings
from tests.docs.documents import first_cells, read, rows


def error_classes(parent: type[errors.DirectorError]) -> Iterator[type[errors.DirectorError]]:
    yield parent
    for child in parent.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from error_classes(child)


def variable(field: str) -> str:
    return f"DIRECTOR_{field.upper()}"


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert sorted(first_cells(read("configuration.md"))) == sorted(map(variable, Settings.model_fields))


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_the_documented_default_is_the_real_one(field: str) -> None:
    default = Settings.model_fields[field].default
    documented = rows(read("configuration.md"))[variable(field)][0]
    if default is None or default is PydanticUndefined:
        assert documented
    else:
        assert documented == f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_every_error_code_is_documented_and_nothing_else() -> None:
    codes = [error.code for error in error_classes(errors.DirectorError)]
    assert sorted(first_cells(read("errors.md"))) == sorted(codes)


def test_error_codes_are_unique() -> None:
    codes = [error.code for error in error_classes(errors.DirectorError)]
    assert len(codes) == len(set(codes))
