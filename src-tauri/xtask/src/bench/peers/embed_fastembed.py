"""Texts per second of Python's fastembed: embed_fastembed.py MODEL_FOLDER TEXTS THREADS

As its users call it: its own batches, in the order given; the same model file, loaded as a custom model without a network.
"""

import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
from fastembed import TextEmbedding
from fastembed.common.model_description import ModelSource, PoolingType

folder, texts, threads = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8")), int(sys.argv[3])
TextEmbedding.add_custom_model(
    model="hearback/same-file",
    pooling=PoolingType.MEAN,
    normalization=True,
    sources=ModelSource(hf="hearback/same-file"),
    dim=384,
    model_file="model.onnx",
)
model = TextEmbedding("hearback/same-file", specific_model_path=folder, threads=threads)
list(model.embed(texts[:64]))
start = time.perf_counter()
vectors = list(model.embed(texts))
elapsed = time.perf_counter() - start
assert len(vectors) == len(texts) and len(vectors[0]) == 384
print(len(texts) / elapsed)
