"""What the notebook calls that moves old versions into the archive."""

from __future__ import annotations

from director_lib.batch.paper_blocks import Block, Figure, Figures, Grid, Heading, Paper, Paragraph
from director_lib.batch.showing import show, tell
from director_lib.delivery.archive_moving import MoveReport
from director_lib.domain.archive_policy import ArchivePlan
from director_lib.domain.how_many import how_many
from director_lib.errors import StorageError
from director_lib.workbench import Workbench

_MEGABYTE = 1e6


def archive_old_versions(
    keep: int | None = None, url: str = "", *, dry_run: bool = False, verify: bool = False
) -> ArchivePlan:
    """Move every version that is old and that nothing needs into the archive, and display what came of it.

    Args:
        keep: How many of an asset's newest versions stay; as configured when None.
        url: Another archive than the configured one.
        dry_run: Only say what would be moved.
        verify: Afterwards read every copy in the archive and compare its digest.

    Returns:
        The plan that was carried out.

    Raises:
        ConfigError: No archive is configured, or its key or library is missing.
        InputError: ``keep`` is less than 1, or ``url`` is no archive.
        RuleError: The archive is at work already.
        StorageError: A file could not be moved or a copy is not whole; the reasons were displayed before.
    """
    with Workbench.open() as workbench:
        plan = workbench.archive.plan(keep)
        moved = checked = None
        if not dry_run:
            moved = workbench.archive.run(_tell_moving, keep=keep, url=url)
            checked = workbench.archive.verify(_tell_checking, url=url) if verify else None
    show(_paper(plan, moved, checked))
    troubles = [trouble for report in (moved, checked) if report for trouble in report.troubles]
    if troubles:
        raise StorageError(
            f"{how_many(len(troubles), 'file')} had trouble, and nothing was lost. First: {troubles[0]}"
        )
    return plan


def _tell_moving(doing: str, percent: float) -> None:
    tell(doing, percent / 100 * 0.7)


def _tell_checking(doing: str, percent: float) -> None:
    tell(doing, 0.7 + percent / 100 * 0.3)


def _paper(plan: ArchivePlan, moved: MoveReport | None, checked: MoveReport | None) -> Paper:
    planned = f"{how_many(len(plan.items), 'file')}, {_size(plan.size_bytes)}"
    if moved is None:
        line = f"{planned} would be archived; nothing was moved"
    else:
        line = f"{how_many(moved.n_files, 'file')} archived, {_size(moved.size_bytes)}"
    figures = [Figure("May go", f"{len(plan.items):,}", _size(plan.size_bytes), "files that nothing needs")]
    if moved is not None:
        kept = f"{moved.left:,} had got a reason to stay meanwhile"
        figures.append(Figure("Archived", f"{moved.n_files:,}", _size(moved.size_bytes), kept))
    if checked is not None:
        words = f"{len(checked.troubles):,} with trouble"
        figures.append(
            Figure("Whole in the archive", f"{checked.n_files:,}", _size(checked.size_bytes), words)
        )
    held = tuple((reason.value, f"{count:,}") for reason, count in plan.held.items())
    blocks: list[Block] = [
        Heading("Archive of old versions", 1, f"{line}."),
        Figures(tuple(figures)),
        *(
            Paragraph(trouble, "warning")
            for report in (moved, checked)
            if report
            for trouble in report.troubles
        ),
        Grid("Why the others stay", (("Reason", "start"), ("Versions", "end")), held, ""),
    ]
    return Paper(tuple(blocks), line)


def _size(size_bytes: int) -> str:
    return f"{size_bytes / _MEGABYTE:,.1f} MB"
