"""Takes files into the version store, from disk or an engine: nothing is lost or replaced silently."""
