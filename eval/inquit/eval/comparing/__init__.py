"""Two results of one benchmark against each other."""
