"""Review workbench for AI-made film.

Nothing is re-exported here: importing any submodule runs this file, and the worker and the command line
must not load widgets. Start at ``director_lib.workbench.Workbench``.
"""

__version__ = "0.1.0"
