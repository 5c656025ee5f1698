"""What a person types: parse, call, print. One file a command group."""
