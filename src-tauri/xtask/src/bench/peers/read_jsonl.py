"""Seconds that bare DuckDB takes to read a JSONL file into a table, its columns known: read_jsonl.py FILE"""

import sys
import time

import duckdb

file = sys.argv[1]
connection = duckdb.connect()
described = connection.execute("DESCRIBE SELECT * FROM read_json_auto(?, format = 'newline_delimited', sample_size = -1)", [file])
columns = {name: kind for name, kind, *_ in described.fetchall()}
start = time.perf_counter()
connection.execute("CREATE TABLE records AS SELECT * FROM read_json(?, format = 'newline_delimited', columns = ?)", [file, columns])
print(time.perf_counter() - start)
