"""Times evalica's bradley_terry on votes that the bench wrote: evalica-figures.py FILE ROUNDS.

Prints one JSON object: seconds of wall clock and CPU by round, and the scores by model id. Reading
the file and making the lists that the call takes is not timed.
"""

import json
import sys
import time

import evalica
import numpy as np

path, rounds = sys.argv[1], int(sys.argv[2])
columns = np.fromfile(path, dtype=np.int32).reshape(3, -1)
names = [f"model-{k:04d}" for k in range(int(columns[:2].max()) + 1)]
xs = [names[k] for k in columns[0]]
ys = [names[k] for k in columns[1]]
winner = [evalica.Winner.X, evalica.Winner.Y, evalica.Winner.Draw, evalica.Winner.Draw]
winners = [winner[k] for k in columns[2]]

wall, cpu = [], []
for _ in range(rounds):
    started, spent = time.perf_counter(), time.process_time()
    result = evalica.bradley_terry(xs, ys, winners)
    wall.append(1000 * (time.perf_counter() - started))
    cpu.append(1000 * (time.process_time() - spent))
scores = {name: float(score) for name, score in result.scores.items()}
print(
    json.dumps(
        {
            "version": evalica.__version__,
            "wall": wall,
            "cpu": cpu,
            "iterations": result.iterations,
            "scores": [scores.get(name) for name in names],
        }
    )
)
