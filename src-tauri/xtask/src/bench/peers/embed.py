"""Texts per second of ONNX Runtime from Python: embed.py MODEL_FOLDER TEXTS THREADS

As good as one session gets: sorted by number of tokens, batches of 32, mean pooling, unit length; loading is not counted.
"""

import json
import os
import sys
import time

import numpy
import onnxruntime
from tokenizers import Tokenizer

folder, texts, threads = sys.argv[1], json.load(open(sys.argv[2], encoding="utf-8")), int(sys.argv[3])
tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
tokenizer.no_padding()
tokenizer.enable_truncation(256)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"), options, providers=["CPUExecutionProvider"])


def embed(texts):
    encoded = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    order = sorted(range(len(texts)), key=lambda index: -len(encoded[index]))
    vectors = numpy.empty((len(texts), 384), dtype=numpy.float32)
    for start in range(0, len(order), 32):
        batch = order[start : start + 32]
        ids = numpy.zeros((len(batch), len(encoded[batch[0]])), dtype=numpy.int64)
        mask = numpy.zeros_like(ids)
        for row, index in enumerate(batch):
            ids[row, : len(encoded[index])] = encoded[index]
            mask[row, : len(encoded[index])] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        hidden = session.run(None, inputs)[0]
        pooled = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        vectors[batch] = pooled / numpy.linalg.norm(pooled, axis=1, keepdims=True)
    return vectors


embed(texts[:64])
start = time.perf_counter()
embed(texts)
print(len(texts) / (time.perf_counter() - start))
