from __future__ import annotations

import pytest

from director_lib.domain.people import Role
from director_lib.domain.prompt_edits import REMARK_FIELDS
from director_lib.errors import InputError
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs


def test_unsent_remarks_are_kept_for_their_writer_until_they_are_sent(
    director: Workbench, open_as: OpenAs
) -> None:
    for field in REMARK_FIELDS:
        director.prompts.save_draft("film", 1, field, f"half of a {field}", "")
    assert {draft.field for draft in director.prompts.drafts("film")} == {*REMARK_FIELDS}
    assert open_as("cleo", Role.DIRECTOR).prompts.drafts("film") == []
    for field in REMARK_FIELDS:
        director.prompts.save_draft("film", 1, field, "", "")
    assert director.prompts.drafts("film") == []


def test_words_of_nothing_that_is_known_are_not_kept(director: Workbench) -> None:
    with pytest.raises(InputError, match="no prompt field"):
        director.prompts.save_draft("film", 1, "comment", "words", "")
    with pytest.raises(InputError):
        director.prompts.save("film", 1, "comment_keyframe", "words")
