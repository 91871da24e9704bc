from __future__ import annotations

import os

from director_lib.tasks.workshop import Workshop
from tests.tasks.scene import Scene, until


def test_a_worker_removes_what_killed_processes_left_when_it_starts(scene: Scene) -> None:
    left = scene.still(1).parent.parent / ".production.json.0123456789ab.tmp"
    left.write_bytes(b"half")
    os.utime(left, times=(0, 0))
    worker = scene.start()
    until(lambda: not left.exists(), "the temporary file is gone")
    assert scene.stop(worker) == 0


def test_the_folder_of_a_task_that_another_worker_begins_meanwhile_stays(scene: Scene) -> None:
    shop = Workshop(scene.database, scene.settings)
    closed = shop.fresh_scratch("t_closed", "1")

    def list_open() -> set[str]:
        shop.fresh_scratch("t_begun", "1")
        return set()

    shop.drop_scratch_except(list_open)
    assert not closed.exists()
    assert shop.scratch("t_begun", "1").is_dir()
