"""A process that decides without pause: ``python -m tests.delivery.deciding``."""

from __future__ import annotations

from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.workbench import Workbench


def main() -> None:
    """Approve and send back in turn until killed."""
    with Workbench.open(actor=Actor("dora", Role.DIRECTOR)) as workbench:
        [version] = workbench.reviews.standing("film").versions.values()
        while True:
            for decision in (DecisionKind.APPROVED, DecisionKind.REGENERATE):
                workbench.reviews.decide("film", Kind.KEYFRAME, {1: version.sha256}, decision)


if __name__ == "__main__":
    main()
