"""Bare DuckDB reads canonical records into a table of a database file, their columns known: read_records.py FILE DATABASE

Prints seconds, until the file is whole and closed.
"""

import sys
import time

import duckdb

file, database = sys.argv[1:]
names = "kind id created_at session_id turn_id feedback_type score label comment model_version environment"
kinds = {"created_at": "TIMESTAMP", "score": "DOUBLE"}
columns = {name: kinds.get(name, "VARCHAR") for name in names.split()}
if file.endswith(".csv"):
    read = "read_csv(?, header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, columns = ?)"
else:
    read = "read_json(?, format = 'newline_delimited', columns = ?)"
start = time.perf_counter()
connection = duckdb.connect(database, config={"threads": 2})
connection.execute(f"CREATE TABLE records AS SELECT * FROM {read}", [file, columns])
connection.close()
print(time.perf_counter() - start)
