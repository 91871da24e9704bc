"""What every screen has around its work: top bar, task drawer, toasts, help and banners.

A screen's own component wraps its work in ``<dl-frame name="…" label="…" :keys="[…]">`` and takes
``screenMixin`` from ``screen.mjs``. The mixin sends ``ready``, keeps ``frame``, ``tasks`` and ``toasts``, and
offers ``ask``, ``toast``, ``takeFrame`` and ``takeTasks``; the component writes ``jupyter_load``, which ends
with ``this.loaded = true``, and ``jupyter_patch``. Child components reach all of it through
``inject: ["screen"]``.
"""

from __future__ import annotations

from pathlib import Path

from director_lib.widgets.sources import components_in


def frame_components() -> dict[str, str]:
    """Return the frame's components by their tag; ``dl-frame`` holds all the others."""
    return components_in(Path(__file__).parent)
