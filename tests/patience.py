"""How long tests wait for what is sure to come; how soon it comes is what benchmarks measure."""

PATIENCE_S = 90.0
