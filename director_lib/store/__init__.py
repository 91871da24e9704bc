"""The review database: the only package that knows tables and SQL."""
