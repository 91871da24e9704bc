"""The studio's words and rules: frozen values and pure functions.

Standard library only. No files, no database, no clock, no randomness: callers pass those in.
"""
