"""``python -m director_lib.cli``: the same as ``director``."""

from director_lib.cli import main

main()
