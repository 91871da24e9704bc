"""What leaves the live streams or the machine: the trash and the archive, backups."""
