"""From a department's file to the registry: read, check, propose, approve, merge."""
