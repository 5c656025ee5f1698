"""Scripts that remake books from outside sources, run by hand and imported by nothing else."""
