"""Bare DuckDB finds the ten nearest by array_cosine_similarity: cosine.py WORKSPACE

Over the workspace's own vectors, copied into a table in memory as fixed-length arrays first, which is the best it can be
given. Prints the median of several questions in milliseconds.
"""

import statistics
import sys
import time

import duckdb

connection = duckdb.connect(":memory:", config={"threads": 2})
connection.execute(f"ATTACH '{sys.argv[1]}' AS w (READ_ONLY)")
length = connection.execute("SELECT len(vector) FROM w.vectors LIMIT 1").fetchone()[0]
connection.execute(f"CREATE TABLE v AS SELECT text_hash, vector::FLOAT[{length}] AS vector FROM w.vectors")
questions = connection.execute("SELECT vector FROM v USING SAMPLE reservoir(11 ROWS) REPEATABLE (7)").fetchall()
ask = f"SELECT text_hash FROM v ORDER BY array_cosine_similarity(vector, ?::FLOAT[{length}]) DESC LIMIT 10"
times = []
for (question,) in questions:
    start = time.perf_counter()
    connection.execute(ask, [question]).fetchall()
    times.append((time.perf_counter() - start) * 1000)
print(statistics.median(times))
