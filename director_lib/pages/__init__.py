"""One module per notebook: the only place where widgets meet the workbench."""
