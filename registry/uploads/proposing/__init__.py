"""Compare rows with what is registered: the same facility, perhaps the same, or a new one."""
