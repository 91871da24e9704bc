"""Metric definitions: pandas in, pandas out. No database, no pages."""
