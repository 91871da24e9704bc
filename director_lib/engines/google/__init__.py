"""Google's engines: stills from Gemini's image models, clips from its Omni models.

Importing this package loads neither Google's library nor a codec.
"""

from director_lib.engines.google.engine import GoogleEngine
from director_lib.engines.google.images import GoogleImageEngine
from director_lib.engines.google.options import GoogleOptions
from director_lib.engines.google.videos import GoogleVideoEngine

__all__ = ["GoogleEngine", "GoogleImageEngine", "GoogleOptions", "GoogleVideoEngine"]
