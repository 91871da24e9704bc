"""Three finished-looking streams with two weeks of history, so that a new studio has something to look at."""
