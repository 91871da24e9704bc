from __future__ import annotations

import pandas as pd
import pytest

from director_lib.errors import InputError
from director_lib.metrics.frames import (
    CHECKPOINTS,
    DECISIONS,
    TASKS,
    VERSIONS,
    FrameSchema,
    check_decisions,
    check_versions,
    empty_checkpoints,
    empty_decisions,
    empty_tasks,
    empty_versions,
)
from tests.metrics.rows import Story, at


@pytest.mark.parametrize(
    ("schema", "empty"),
    [
        (DECISIONS, empty_decisions()),
        (VERSIONS, empty_versions()),
        (TASKS, empty_tasks()),
        (CHECKPOINTS, empty_checkpoints()),
    ],
)
def test_an_empty_frame_passes_its_own_check(schema: FrameSchema, empty: pd.DataFrame) -> None:
    checked = schema.check(empty)
    assert {name: str(dtype) for name, dtype in checked.dtypes.items()} == dict(schema.columns)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="decisions frame lacks: seq, actor"):
        check_decisions(empty_decisions().drop(columns=["seq", "actor"]))


def test_an_instant_without_time_zone_is_refused() -> None:
    frame = Story()
    frame.version(1, 0)
    naive = pd.DataFrame(frame.versions).assign(created_at=pd.Timestamp("2026-03-02 09:00"))
    with pytest.raises(InputError, match="need a time zone: created_at"):
        check_versions(naive)


def test_text_where_a_number_belongs_is_refused() -> None:
    story = Story()
    story.decide(story.version(1, 0), "approved", 1)
    with pytest.raises(InputError, match="cannot be read"):
        check_decisions(pd.DataFrame(story.decisions).assign(segment_id="one"))


def test_instants_of_another_zone_are_the_same_instants() -> None:
    story = Story()
    story.version(1, 5)
    local = pd.DataFrame(story.versions)
    local["created_at"] = local["created_at"].dt.tz_convert("Asia/Kathmandu")
    assert check_versions(local)["created_at"].iloc[0] == at(5)


def test_further_columns_are_kept() -> None:
    assert "mood" in check_decisions(empty_decisions().assign(mood=1)).columns
