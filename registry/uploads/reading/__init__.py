"""Turn the bytes of a department's file into rows and cells; nothing is interpreted here."""
