"""How long people had been at it before each of their verdicts, across all streams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from director_lib.domain.measures import LONGEST_GAP_US
from director_lib.errors import InputError

_NONE = -1

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Activity:
    """The time that was worked up to each verdict.

    Attributes:
        seqs: The verdicts, ascending.
        active_us: Microseconds since that person's verdict before, up to ``LONGEST_GAP_US``; 0 where a
            stretch of work begins.
        stretches: 1 where a stretch of work begins, else 0.
    """

    seqs: Ints
    active_us: Ints
    stretches: Ints

    def of(self, seqs: Ints) -> tuple[Ints, Ints]:
        """Return ``active_us`` and ``stretches`` of verdicts.

        Raises:
            InputError: One of them is not known.
        """
        places = np.searchsorted(self.seqs, seqs)
        if (np.append(self.seqs, _NONE)[places] != seqs).any():
            raise InputError(
                "A verdict is counted whose time is not known: the activity is of another moment."
            )
        return self.active_us[places], self.stretches[places]


def activity_of(seqs: Ints, actors: Ints, decided_us: Ints) -> Activity:
    """Find each verdict's predecessor by the same person: by time, and by ``seq`` within one microsecond.

    Args:
        seqs: One entry per verdict of the whole studio, in any order.
        actors: A number for the person.
        decided_us: Microseconds since 1970.
    """
    order = np.lexsort((seqs, decided_us, actors))
    gaps_us = np.diff(decided_us[order], prepend=0)
    goes_on = (np.diff(actors[order], prepend=-1) == 0) & (gaps_us <= LONGEST_GAP_US)
    active_us = np.empty(len(order), dtype="int64")
    active_us[order] = np.where(goes_on, gaps_us, 0)
    stretches = np.empty(len(order), dtype="int64")
    stretches[order] = np.where(goes_on, 0, 1)
    by_seq = np.argsort(seqs, kind="stable")
    return Activity(seqs[by_seq], active_us[by_seq], stretches[by_seq])
