"""Alembic migrations, shipped with the package so that `fuwuma init` needs nothing else."""
