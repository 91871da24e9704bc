"""The screen of all tasks."""

from director_lib.widgets.task_list.task_list import TaskList

__all__ = ["TaskList"]
