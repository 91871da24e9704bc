"""Which streams a batch is for: one, or every one of the studio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from director_lib.batch.paper_blocks import Block, Paragraph
from director_lib.batch.showing import tell
from director_lib.errors import DirectorError, RuleError
from director_lib.workbench import Workbench


@dataclass
class Reached:
    """What became of the streams of a batch.

    Attributes:
        refused: Stream id to why nothing could be done there; the others are not kept from it.
    """

    stream_ids: list[str]
    refused: dict[str, str] = field(default_factory=dict)

    def blocks(self) -> list[Block]:
        """Return a warning for each stream that refused."""
        return [Paragraph(f"{stream_id}: {why}", "warning") for stream_id, why in self.refused.items()]

    def check(self) -> None:
        """Refuse when a stream did.

        Raises:
            RuleError: It names the first.
        """
        if not self.refused:
            return
        stream_id, why = next(iter(self.refused.items()))
        raise RuleError(
            f"{len(self.refused)} of {len(self.stream_ids)} streams were left alone, first {stream_id}: "
            f"{why} The others are done."
        )


def for_streams(workbench: Workbench, stream_id: str, work: Callable[[str], None]) -> Reached:
    """Do something for one stream, or for every one when the id is "".

    Of many, one that refuses keeps no other from it; of one alone the refusal is raised.
    """
    if stream_id:
        work(stream_id)
        return Reached([stream_id])
    reached = Reached(workbench.streams.list_ids())
    for number, each in enumerate(reached.stream_ids):
        tell(each, number / len(reached.stream_ids) * 0.3)
        try:
            work(each)
        except DirectorError as error:
            reached.refused[each] = error.user_message
    return reached
