from __future__ import annotations

from datetime import UTC, datetime, timedelta

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.store.database import Database
from director_lib.store.outbox import NewTask, enqueue
from director_lib.store.task_lines import KEPT_LINES, LONGEST_LINE, add_line, list_lines

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def queue(database: Database, *task_ids: str) -> None:
    with database.write() as connection:
        for number, task_id in enumerate(task_ids, 1):
            request = GenerationRequest("film", number, Kind.KEYFRAME, "local", "sea")
            enqueue(connection, NewTask(task_id, request, "dora", 0.0, 10, NOW))


def test_lines_are_read_in_the_order_in_which_they_were_said(database: Database) -> None:
    queue(database, "t_1", "t_2")
    with database.write() as connection:
        add_line(connection, "t_1", "loading\n", NOW)
        add_line(connection, "t_2", "other", NOW)
        add_line(connection, "t_1", "  step 1", NOW + timedelta(seconds=1))
        lines = list_lines(connection, "t_1")
        assert [(line.text, line.at) for line in lines] == [
            ("loading", NOW),
            ("  step 1", NOW + timedelta(seconds=1)),
        ]
        assert list_lines(connection, "t_1", lines[0].id) == lines[1:]
        assert list_lines(connection, "t_1", lines[1].id) == []


def test_only_the_newest_lines_of_a_task_are_kept(database: Database) -> None:
    queue(database, "t_1", "t_2")
    with database.write() as connection:
        add_line(connection, "t_2", "stays", NOW)
        for number in range(KEPT_LINES + 20):
            add_line(connection, "t_1", str(number), NOW)
        texts = [line.text for line in list_lines(connection, "t_1")]
        assert texts == [str(number) for number in range(20, KEPT_LINES + 20)]
        assert len(list_lines(connection, "t_2")) == 1


def test_a_long_line_is_cut_and_what_cannot_be_stored_is_replaced(database: Database) -> None:
    queue(database, "t_1")
    with database.write() as connection:
        add_line(connection, "t_1", "x" * (LONGEST_LINE + 1), NOW)
        add_line(connection, "t_1", "a\x00b\ud800", NOW)
        long, odd = list_lines(connection, "t_1")
        assert len(long.text) == LONGEST_LINE
        assert long.text.endswith(" …")
        assert odd.text == "a\ufffdb\ufffd"
