"""Themes by others on the same vectors: themes.py VECTORS DIMENSION LABELLED METHOD

METHOD: kmeans (told the true number), hdbscan, bertopic (its defaults). VECTORS: f32, row by row; where there are more of
them than texts, texts and labels repeat. Prints one JSON object a line: {"name", "value", "unit"}.
"""

import json
import sys
import time

import numpy
from sklearn import metrics

vectors = numpy.fromfile(sys.argv[1], dtype="<f4").reshape(-1, int(sys.argv[2]))
labelled = json.load(open(sys.argv[3], encoding="utf-8"))
copies = -(-len(vectors) // len(labelled["texts"]))
texts = (labelled["texts"] * copies)[: len(vectors)]
labels = numpy.array((labelled["labels"] * copies)[: len(vectors)])
start = time.perf_counter()
if sys.argv[4] == "kmeans":
    from sklearn.cluster import KMeans

    found = KMeans(len(set(labels)), n_init=1, random_state=1).fit_predict(vectors)
elif sys.argv[4] == "hdbscan":
    from sklearn.cluster import HDBSCAN

    found = HDBSCAN(min_cluster_size=15, copy=False).fit_predict(vectors)
else:
    from bertopic import BERTopic

    found = numpy.array(BERTopic(embedding_model=None).fit_transform(texts, embeddings=vectors)[0])
seconds = time.perf_counter() - start


def figure(name, value, unit):
    print(json.dumps({"name": name, "value": float(value), "unit": unit}))


figure("V-measure", metrics.v_measure_score(labels, found), "")
figure("ARI", metrics.adjusted_rand_score(labels, found), "")
figure("themes", len(set(found) - {-1}), "themes")
figure("unclustered", 100 * numpy.mean(found == -1), "%")
figure("time", seconds, "s")
