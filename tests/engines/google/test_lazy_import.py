"""Pages and commands import the engines' package to know its prices: that has to be cheap."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_engines_loads_no_heavy_library() -> None:
    source = (
        "import sys\n"
        "from director_lib.engines.google import GoogleImageEngine, GoogleOptions, GoogleVideoEngine\n"
        "GoogleImageEngine(GoogleOptions()), GoogleVideoEngine(GoogleOptions())\n"
        "heavy = ('google.genai', 'httpx', 'pydantic', 'PIL', 'av', 'numpy')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )

    result = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)

    assert result.stdout.strip() == "[]"
