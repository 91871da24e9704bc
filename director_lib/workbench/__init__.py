"""Use cases: the one door through which pages, notebooks, batch runs and the command line act."""

from director_lib.workbench.workbench import Workbench, local_actor

__all__ = ["Workbench", "local_actor"]
