"""The engine that needs no key and no network: paints stills and films them on this machine."""

from director_lib.engines.local.engine import LocalEngine

__all__ = ["LocalEngine"]
