"""The real worker for the drill of the queue: it only asks providers more often, and sooner gives up looking.

A task's process runs this module's top again, so that nothing is imported there.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Serve the studio that the environment names."""
    from functools import partial

    from director_lib.tasks import remote_way, worker
    from tests.drills.queue_engines import SOURCE

    quick = partial(remote_way.Pace, first_s=0.2, longest_s=1.0, settle_s=6.0, cancel_s=30.0)
    remote_way.Pace = quick  # type: ignore[misc, assignment]
    return worker.main(["--engines", SOURCE])


if __name__ == "__main__":
    sys.exit(main())
