"""Learning from decisions: what helped, what is alike, what needs attention. Pure functions."""
