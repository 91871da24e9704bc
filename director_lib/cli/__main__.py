"""``python -m director_lib.cli``: the same as ``director``."""

from director_lib.cli import main

if __name__ == "__main__":
    main()
