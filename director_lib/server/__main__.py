"""``python -m director_lib.server``: what ``director serve`` runs."""

from __future__ import annotations

import sys

from director_lib.config import load_settings
from director_lib.errors import DirectorError
from director_lib.server.app import serve_pages


def main() -> None:
    """Serve until stopped; a refusal is one line on standard error and exit code 1."""
    try:
        serve_pages(load_settings())
    except DirectorError as error:
        sys.stderr.write(f"director: {error.user_message}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
