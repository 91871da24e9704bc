from __future__ import annotations

import pytest

from director_lib.batch import generate_missing
from director_lib.domain.task import TaskState
from director_lib.errors import InputError, NotFoundError, WorkerError
from director_lib.workbench import Workbench


def test_what_is_missing_is_queued_and_the_rest_says_why(local_studio: Workbench) -> None:
    table = generate_missing("film", "keyframe")
    queued = table[table["state"] == "queued"]
    assert queued["segment_id"].tolist() == [3]
    tasks = local_studio.tasks.list(stream_id="film")
    assert [task.id for task in tasks] == queued["task_id"].tolist()
    assert table.dtypes.astype(str).to_dict()["segment_id"] == "int64"


def test_segments_that_cannot_be_made_are_listed_with_their_reason(local_studio: Workbench) -> None:
    table = generate_missing("film", "video", "")
    skipped = table[table["state"] == "skipped"]
    assert 2 in skipped["segment_id"].tolist()
    assert skipped["why"].str.len().gt(0).all()


def test_waiting_without_a_worker_says_so_and_keeps_the_tasks(local_studio: Workbench) -> None:
    with pytest.raises(WorkerError, match="1 task is queued and safe"):
        generate_missing("film", wait_s=5)
    assert local_studio.tasks.list(states={TaskState.QUEUED})


def test_nothing_missing_gives_an_empty_table(local_studio: Workbench) -> None:
    first = generate_missing("film")
    second = generate_missing("film")
    assert "queued" in first["state"].tolist()
    assert "queued" not in second["state"].tolist()


def test_a_kind_or_stream_that_does_not_exist_is_refused(local_studio: Workbench) -> None:
    with pytest.raises(InputError, match="“still” is no kind"):
        generate_missing("film", "still")
    with pytest.raises(NotFoundError):
        generate_missing("nothing")


def test_everything_may_be_made_in_variants(local_studio: Workbench) -> None:
    table = generate_missing("film", segments="all", variants=2)
    queued = table[table["state"] == "queued"]
    assert queued["segment_id"].value_counts().eq(2).all()
    assert len(local_studio.tasks.list()) == len(queued)


def test_keyframes_that_are_missing_come_before_their_clips(local_studio: Workbench) -> None:
    table = generate_missing("film", "video", with_keyframes=True)
    made = table[table["segment_id"] == 3]
    assert made["kind"].tolist() == ["keyframe", "video"]
    still, clip = (local_studio.tasks.get(task_id) for task_id in made["task_id"])
    assert clip.after_task_id == still.id


@pytest.mark.parametrize("chosen", [3, "2-3", "3,2"])
def test_chosen_segments_alone_are_made(local_studio: Workbench, chosen: str | int) -> None:
    table = generate_missing("film", segments=chosen)
    assert table.loc[table["state"] == "queued", "segment_id"].isin([2, 3]).all()
    assert 3 in table.loc[table["state"] == "queued", "segment_id"].tolist()
    assert set(table["segment_id"]) <= {2, 3}


def test_words_that_name_no_segments_are_refused(local_studio: Workbench) -> None:
    with pytest.raises(InputError, match="“some” names no segments"):
        generate_missing("film", segments="some")
