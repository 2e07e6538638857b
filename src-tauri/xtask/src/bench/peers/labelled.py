"""Labelled texts as {"texts": [..], "labels": [..]}: labelled.py OUTPUT FILE..., each a CSV with `text` and `category`."""

import csv
import json
import sys

rows = [row for file in sys.argv[2:] for row in csv.DictReader(open(file, encoding="utf-8"))]
numbers = {name: number for number, name in enumerate(sorted({row["category"] for row in rows}))}
seen, texts, labels = set(), [], []
for row in rows:
    if row["text"] not in seen:
        seen.add(row["text"])
        texts.append(row["text"])
        labels.append(numbers[row["category"]])
json.dump({"texts": texts, "labels": labels}, open(sys.argv[1], "w", encoding="utf-8"))
