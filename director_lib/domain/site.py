"""What a film's page can be deployed to, and what stands of it."""

from __future__ import annotations

FOLDER, COMMAND = "folder", "command"
TARGETS = (FOLDER, COMMAND)
"""The workbench's own server, or the studio's own command."""
