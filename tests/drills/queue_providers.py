"""Both providers in a process of their own, which no killed worker takes along.

Says their addresses; then each line on its standard input is answered with everything that was made and went
wrong so far. Ends with its standard input.
"""

from __future__ import annotations

import json
import sys
from http.server import ThreadingHTTPServer
from typing import Any

from tests.drills.programs import say
from tests.drills.queue_chances import Chances
from tests.drills.queue_google import MoodyGoogle
from tests.drills.queue_replicate import MoodyReplicate
from tests.engines.fakes.google.media import clip
from tests.engines.fakes.replicate.media import clip_bytes
from tests.engines.fakes.replicate.server import run_fake


class _Server(ThreadingHTTPServer):
    """Says nothing of clients that were killed or lost patience, and everything of faults of the fakes."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main() -> None:
    """Serve until nobody wants it any more."""
    chances = Chances(int(sys.argv[1]))
    clip(), clip_bytes()
    google = MoodyGoogle(chances)
    try:
        with run_fake(MoodyReplicate(chances), _Server) as replicate:
            assert isinstance(replicate, MoodyReplicate)
            say(google.url, replicate.address)
            for _ in sys.stdin:
                google.step_all()
                replicate.step_all()
                print(json.dumps(chances.report()), flush=True)  # noqa: T201 - its answer
    finally:
        google.close()


if __name__ == "__main__":
    main()
