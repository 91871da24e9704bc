"""What makes files. An engine knows a request and a folder to write to; never the database or a page."""
