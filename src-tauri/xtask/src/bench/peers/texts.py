"""Writes a JSON array of distinct texts: texts.py COUNT OUT FILE..., from the first column of CSV or the comments of JSONL."""

import csv
import json
import sys

count, out, files = int(sys.argv[1]), sys.argv[2], sys.argv[3:]


def comments(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in ("comment", "text", "query", "content"):
                yield inner
            else:
                yield from comments(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from comments(inner)


def texts():
    for file in files:
        with open(file, encoding="utf-8", newline="") as opened:
            if file.endswith(".csv"):
                rows = csv.reader(opened)
                next(rows)
                yield from (row[0] for row in rows)
            else:
                for line in opened:
                    yield from comments(json.loads(line))


distinct = list(dict.fromkeys(text.strip() for text in texts() if text.strip()))[:count]
if len(distinct) < count:
    sys.exit(f"only {len(distinct)} of {count} distinct texts were found")
with open(out, "w", encoding="utf-8") as opened:
    json.dump(distinct, opened)
