"""Groups of commands of which one needs no name: ``metrics harbour`` is ``metrics show harbour``."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


def group_with_default(default: str) -> type[TyperGroup]:
    """Return a kind of group that takes words which name none of its commands as those of one command.

    Args:
        default: Name of that command; it is also what the group's own name alone does.
    """

    class _Group(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            is_named = bool(args) and (args[0] in self.commands or args[0] == "--help")
            return super().parse_args(ctx, args if is_named else [default, *args])

    return _Group
