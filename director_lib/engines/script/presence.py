"""Looking whether a command's program can be run at all, before anything depends on it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from director_lib.engines.script.command import CommandTemplate
from director_lib.errors import ConfigError

_SOURCES = (".py", ".sh", ".js")


def find_program(template: CommandTemplate, folder: Path | None) -> str:
    """Return the name of what a command runs: the script that it gives an interpreter, else the program.

    Args:
        folder: Where the command runs; None for the current folder.

    Raises:
        ConfigError: The folder, the program or the script is missing, or the program may not be run.
    """
    here = folder or Path.cwd()
    if not here.is_dir():
        raise ConfigError(
            f"The folder {here} of the studio's programs does not exist. Make it, or correct "
            "DIRECTOR_SCRIPT_DIR."
        )
    words = template.first_words
    program = words[0] if words else ""
    place = str(here / program) if os.sep in program else program
    if not program or shutil.which(place) is None:
        raise ConfigError(
            f"The program “{program}” of the command “{template.text}” is not there, or may not be run. "
            "Correct the command, or make the file executable."
        )
    script = next((word for word in words[1:] if word.endswith(_SOURCES)), None)
    if script is not None and not os.access(here / script, os.R_OK):
        raise ConfigError(
            f"The script “{script}” of the command “{template.text}” is not in {here}, or cannot be read. "
            "Correct the command or DIRECTOR_SCRIPT_DIR."
        )
    return Path(script or program).name
