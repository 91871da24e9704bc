"""Stream folders: reading every dialect tolerantly, editing minimally and atomically. No database."""
