"""The verbs on one facility: register, change, correct, close, merge, split, look up."""
