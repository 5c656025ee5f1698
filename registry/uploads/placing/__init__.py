"""Where a row's facility stands: the division it names, carried to today, or told by its point."""
