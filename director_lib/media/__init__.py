"""Pictures and clips as files: probing, thumbnails, the content-addressed version store. No database."""
