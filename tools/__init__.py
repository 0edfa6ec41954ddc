"""Scripts behind the Makefile: set up, build the book, keep the notebooks in normal form."""
