"""One file a page: widgets, a library call, a picture."""
