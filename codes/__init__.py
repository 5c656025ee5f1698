"""What a code is: the spec as data, formats as modules. No database, no network."""
