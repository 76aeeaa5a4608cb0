"""The SQL files as a graph: sql/<layer>/<name>.sql is table, asset key and lineage; nothing is registered."""

from pipeline.models.sql_files import LAYERS, CheckFile, SqlFile, SqlFiles, read_sql_files

__all__ = ["LAYERS", "CheckFile", "SqlFile", "SqlFiles", "read_sql_files"]
