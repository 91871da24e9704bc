"""``make bench``: the times that a director feels, on the real server, kernels, worker and Chromium."""
