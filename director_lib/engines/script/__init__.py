"""The engine that runs the studio's own generator programs."""

from director_lib.engines.script.engine import ScriptEngine, ScriptOptions

__all__ = ["ScriptEngine", "ScriptOptions"]
