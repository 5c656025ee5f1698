"""What people write on the public site, in a database of its own: never in the registry's."""
