from __future__ import annotations

import os

from tests.tasks.scene import Scene, until


def test_a_worker_removes_what_killed_processes_left_when_it_starts(scene: Scene) -> None:
    left = scene.still(1).parent.parent / ".production.json.0123456789ab.tmp"
    left.write_bytes(b"half")
    os.utime(left, times=(0, 0))
    worker = scene.start()
    until(lambda: not left.exists(), "the temporary file is gone")
    assert scene.stop(worker) == 0
