"""Statistics of sample-data/results.json by pandas, as the reference that benchplot is held against."""

import json
import pathlib

import pandas as pd

sample = pathlib.Path(__file__).parents[2] / "sample-data" / "results.json"
frame = pd.read_json(sample)
rows = []
for framework, group in frame.groupby("framework", sort=False):
    for metric in ("total_time", "avg_time_per_request"):
        values = group[metric]
        rows.append(
            {
                "framework": framework,
                "metric": metric,
                "count": int(values.count()),
                "mean": values.mean(),
                "min": values.min(),
                "max": values.max(),
                "std": values.std(),
                "median": values.median(),
            }
        )
print(json.dumps({"made_with": {"pandas": pd.__version__}, "summary": rows}, indent=1))
