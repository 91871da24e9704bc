"""Which frames can be had as files, and in which formats."""

from __future__ import annotations

FRAME_NAMES = ("decisions", "versions", "tasks", "bills", "checkpoints", "variants", "reviews")
"""Methods of ``Workbench.insight`` that return a frame; "reviews" joins decisions and versions."""

FRAME_TYPES = {".csv": "text/csv; charset=utf-8", ".parquet": "application/vnd.apache.parquet"}
"""Endings, with the media type of each."""

FRAME_ENDINGS = tuple(FRAME_TYPES)
