"""The engine “replicate”: clips, and stills on request, made by models that run at Replicate."""

from director_lib.engines.replicate.engine import ReplicateEngine
from director_lib.engines.replicate.options import ReplicateOptions

__all__ = ["ReplicateEngine", "ReplicateOptions"]
