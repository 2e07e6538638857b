# FOLDER; draws FOLDER/vectors.f32 with umap-learn and prints its seconds. Writes them to FOLDER/scores, with the
# trustworthiness at 15 neighbours of FOLDER/map.f32 and of its own map.
# Trustworthiness: J. Venna, S. Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001; of all
# rows where they are few, else of an even sample of them.
import json
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")
import umap  # noqa: E402

NEIGHBOURS = 15
SAMPLE = 3000


def trustworthiness(rows, points):
    count = len(rows)
    sample = np.linspace(0, count - 1, min(SAMPLE, count)).astype(int)
    wrong = 0
    for part in np.array_split(sample, max(1, len(sample) // 100)):
        far = 1 - rows[part] @ rows.T
        flat = ((points[part][:, None] - points[None]) ** 2).sum(2)
        here = np.arange(len(part))
        far[here, part] = -1
        flat[here, part] = -1
        nearest = np.argpartition(flat, NEIGHBOURS + 1, axis=1)[:, : NEIGHBOURS + 2]
        for index, row in enumerate(part):
            order = nearest[index][np.argsort(flat[index][nearest[index]], kind="stable")]
            own = order[order != row][:NEIGHBOURS]
            # The row itself has rank 0.
            ranks = np.searchsorted(np.sort(far[index]), far[index][own])
            wrong += np.maximum(ranks - NEIGHBOURS, 0).sum()
    worst = len(sample) * NEIGHBOURS * (2 * count - 3 * NEIGHBOURS - 1)
    return 1 - 2 * wrong / worst


folder = sys.argv[1]
with open(f"{folder}/shape.json") as file:
    dimension = json.load(file)["dimension"]
vectors = np.fromfile(f"{folder}/vectors.f32", dtype="<f4").reshape(-1, dimension)
vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
ours = np.fromfile(f"{folder}/map.f32", dtype="<f4").reshape(-1, 2)

# Compiled once on a few rows: that is no part of the time. As it comes, on all threads.
umap.UMAP(n_neighbors=NEIGHBOURS, metric="cosine").fit_transform(vectors[:5000])
began = time.perf_counter()
theirs = umap.UMAP(n_neighbors=NEIGHBOURS, metric="cosine").fit_transform(vectors)
seconds = time.perf_counter() - began
with open(f"{folder}/scores", "w") as file:
    file.write(f"{seconds} {trustworthiness(vectors, ours)} {trustworthiness(vectors, theirs)}\n")
print(seconds)
